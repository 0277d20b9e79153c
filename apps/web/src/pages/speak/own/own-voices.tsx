import type { WireOwnVoice } from '@sotto/client';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { TextField } from '../../../components/field.tsx';
import { Row, Rows } from '../../../components/rows.tsx';
import { useOwnVoices } from '../use-voices.ts';
import { NewVoice } from './new-voice.tsx';
import styles from './own-voices.module.css';
import { useChange } from './use-change.ts';

/** Voices that were made of samples, and the form that makes one. */
export function OwnVoices({ onHear }: { onHear: (id: string) => void }) {
  const { data: voices = [] } = useOwnVoices();
  const { t } = useTranslation(['translation', 'speak']);
  return (
    <section className={styles.own} aria-label={t('speak:own.title')}>
      <h2>
        {t('speak:own.title')} <small className={styles.badge}>{t('speak:own.experimental')}</small>
      </h2>
      <p>{t('speak:own.lead')}</p>
      {voices.length > 0 && (
        <Rows>
          {voices.map((voice) => (
            <OwnVoice
              key={voice.id}
              voice={voice}
              sharesConsent={voices.filter(({ consent }) => consent === voice.consent).length > 1}
              onHear={() => onHear(voice.id)}
            />
          ))}
        </Rows>
      )}
      <details>
        <summary>{t('speak:own.make')}</summary>
        <NewVoice />
      </details>
    </section>
  );
}

interface OwnVoiceProps {
  voice: WireOwnVoice;
  /** Another one was made with the same consent. */
  sharesConsent: boolean;
  onHear: () => void;
}

function OwnVoice({ voice, sharesConsent, onHear }: OwnVoiceProps) {
  const { t } = useTranslation(['translation', 'speak']);
  const [isNamed, setIsNamed] = useState(false);
  // A consent goes with its last voice, and takes it along.
  const removal = useChange(() =>
    sharesConsent ? client.ownVoices.delete(voice.id) : client.ownVoices.deleteConsent(voice.consent),
  );
  const actions = (
    <>
      {voice.status === 'ready' && <Button onClick={onHear}>{t('speak:own.hear')}</Button>}
      <Button onClick={() => setIsNamed(!isNamed)}>{t('speak:own.rename')}</Button>
      <ConfirmButton
        question={t('speak:own.deleteQuestion', { name: voice.name })}
        consequence={t('speak:own.deleteConsequence')}
        action={t('speak:own.delete')}
        onConfirm={() => removal.mutate()}
      >
        {t('speak:own.delete')}
      </ConfirmButton>
    </>
  );
  return (
    <Row name={voice.name} facts={useStateText(voice)} actions={actions} wraps>
      {isNamed && <NewName voice={voice} onDone={() => setIsNamed(false)} />}
      {removal.isError && <Failure error={removal.error} onRetry={() => removal.mutate()} />}
    </Row>
  );
}

function useStateText({ status, progress = 0, similarity, nearest, detail, uses = 0 }: WireOwnVoice): string {
  const { t } = useTranslation(['translation', 'speak']);
  if (status === 'processing') return t('speak:own.processing', { percent: progress });
  if (status === 'failed') return t('speak:own.failed', { why: detail ?? '' });
  const digits = (value = 0) => value.toFixed(2);
  const ready = t('speak:own.ready', { similarity: digits(similarity), nearest: digits(nearest?.similarity) });
  return uses === 0 ? ready : `${ready} · ${t('speak:own.uses', { count: uses })}`;
}

function NewName({ voice, onDone }: { voice: WireOwnVoice; onDone: () => void }) {
  const { t } = useTranslation(['translation', 'speak']);
  const [name, setName] = useState(voice.name);
  const rename = useChange(() => client.ownVoices.rename(voice.id, name));
  const save = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(undefined, { onSuccess: onDone });
  };
  return (
    <form className={styles.form} onSubmit={save}>
      <TextField label={t('speak:own.name')} value={name} required onChange={({ target }) => setName(target.value)} />
      <Button type="submit" disabled={name.trim() === '' || rename.isPending}>
        {t('speak:own.save')}
      </Button>
      {rename.isError && <Failure error={rename.error} />}
    </form>
  );
}
