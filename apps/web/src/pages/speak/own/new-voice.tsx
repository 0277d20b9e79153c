import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { TextField } from '../../../components/field.tsx';
import styles from './own-voices.module.css';
import { SoundField } from './sound-field.tsx';
import { useChange } from './use-change.ts';

/** A consent and a sample of the same person become a voice, after a while. */
export function NewVoice() {
  const { t, i18n } = useTranslation(['translation', 'speak']);
  const [name, setName] = useState('');
  const [language, setLanguage] = useState(i18n.language);
  const [consent, setConsent] = useState<File | null>(null);
  const [sample, setSample] = useState<File | null>(null);
  const creation = useChange(() => make({ name, language, consent, sample }));
  const start = (event: FormEvent) => {
    event.preventDefault();
    creation.mutate(undefined, {
      onSuccess: () => {
        setConsent(null);
        setSample(null);
        setName('');
      },
    });
  };
  const isReady = name.trim() !== '' && consent !== null && sample !== null && !creation.isPending;
  return (
    <form className={styles.form} onSubmit={start}>
      <TextField label={t('speak:own.name')} value={name} onChange={({ target }) => setName(target.value)} />
      <TextField
        label={t('speak:own.language')}
        hint={t('speak:own.languageHint')}
        value={language}
        onChange={({ target }) => setLanguage(target.value)}
      />
      <SoundField label={t('speak:own.consent')} hint={t('speak:own.consentHint')} file={consent} onFile={setConsent} />
      <SoundField label={t('speak:own.sample')} hint={t('speak:own.sampleHint')} file={sample} onFile={setSample} />
      <Button kind="primary" type="submit" disabled={!isReady}>
        {creation.isPending ? t('speak:own.listening') : t('speak:own.start')}
      </Button>
      {creation.isError && <Failure error={creation.error} />}
      {creation.isSuccess && <p role="status">{t('speak:own.begun')}</p>}
    </form>
  );
}

interface Asked {
  name: string;
  language: string;
  consent: File | null;
  sample: File | null;
}

/** A consent that no voice comes of is not kept. */
async function make({ name, language, consent, sample }: Asked): Promise<void> {
  if (consent === null || sample === null) return;
  const { ownVoices } = client;
  const given = await ownVoices.consent(consent, { name, language });
  try {
    await ownVoices.create(sample, { name, consent: given.id });
  } catch (error) {
    await ownVoices.deleteConsent(given.id).catch(() => {});
    throw error;
  }
}
