import { Mic } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { Failure } from '../../components/failure.tsx';
import { CheckField, SelectField } from '../../components/field.tsx';
import layout from '../../components/with-options.module.css';
import type { Choice } from '../../transcription/choice.ts';
import { useChoice } from '../../transcription/defaults.ts';
import { LanguageField, ModelField, SpeakersField, TermsField } from '../../transcription/option-fields.tsx';
import { liveDesk } from './session/live-desk.ts';
import { liveOptionsOf } from './session/options.ts';
import styles from './setup.module.css';
import { SoundFailure } from './sound/sound-failure.tsx';
import { canListenToTabs, type SoundSource } from './sound/sources.ts';
import { useMicrophones } from './sound/use-microphones.ts';

interface SetupProps {
  defaults: Choice;
  hasLibrary: boolean;
  /** Why the service did not take what was asked; null: nothing was. */
  refusal: unknown;
}

/** What is listened to, and what is to be known of it. */
export function Setup({ defaults, hasLibrary, refusal }: SetupProps) {
  const { t } = useTranslation(['translation', 'live']);
  const [choice, change] = useChoice(defaults);
  const [kind, setKind] = useState<SoundSource['kind']>('microphone');
  const [deviceId, setDeviceId] = useState('');
  const [isStarting, setIsStarting] = useState(false);
  const [soundError, setSoundError] = useState<unknown>(null);
  const optionsId = useId();
  const isKept = hasLibrary && choice.keep !== 'no';
  const start = async (event: FormEvent) => {
    event.preventDefault();
    setIsStarting(true);
    setSoundError(null);
    const source: SoundSource = kind === 'tab' ? { kind } : { kind, deviceId: deviceId || null };
    // When it has begun, this form is gone.
    await liveDesk.start(liveOptionsOf(choice, hasLibrary), source).catch(setSoundError);
    setIsStarting(false);
  };
  const isSecure = navigator.mediaDevices !== undefined;
  return (
    <form className={layout.withOptions} onSubmit={(event) => void start(event)}>
      <div className={styles.sound}>
        <SourceField kind={kind} onChange={setKind} />
        {kind === 'microphone' && <DeviceField value={deviceId} onChange={setDeviceId} />}
        {kind === 'tab' && <p className={styles.hint}>{t('live:tabHint')}</p>}
        {hasLibrary && (
          <CheckField
            label={t('live:keep')}
            hint={t('live:keepHint')}
            checked={isKept}
            onChange={({ target }) => change({ keep: target.checked ? keepAs(defaults) : 'no' })}
          />
        )}
        <div>
          <Button kind="primary" type="submit" disabled={!isSecure || isStarting}>
            <Mic size={16} aria-hidden="true" />
            {t('live:start')}
          </Button>
        </div>
        {!isSecure && <p className={styles.hint}>{t('recorder.insecure')}</p>}
        {soundError !== null && <SoundFailure error={soundError} />}
        {refusal !== null && soundError === null && !isStarting && <Failure error={refusal} />}
      </div>
      <section className={layout.options} aria-labelledby={optionsId}>
        <h2 id={optionsId}>{t('options.title')}</h2>
        <LanguageField value={choice.language} onChange={({ target }) => change({ language: target.value })} />
        <ModelField value={choice.model} onChange={({ target }) => change({ model: target.value })} />
        <TermsField value={choice.terms} onChange={({ target }) => change({ terms: target.value })} />
        {isKept && (
          <SpeakersField value={choice.speakers} onChange={({ target }) => change({ speakers: target.value })} />
        )}
        <Link className={styles.toDefaults} to="/settings">
          {t('options.toDefaults')}
        </Link>
      </section>
    </form>
  );
}

const keepAs = ({ keep }: Choice): string => (keep === 'no' ? '' : keep);

interface SourceFieldProps {
  kind: SoundSource['kind'];
  onChange: (kind: SoundSource['kind']) => void;
}

function SourceField({ kind, onChange }: SourceFieldProps) {
  const { t } = useTranslation(['translation', 'live']);
  return (
    <fieldset className={styles.sources}>
      <legend>{t('live:sound')}</legend>
      {(['microphone', 'tab'] as const).map((each) => (
        <label key={each} className={styles.source}>
          <input
            type="radio"
            name="source"
            checked={kind === each}
            disabled={each === 'tab' && !canListenToTabs()}
            onChange={() => onChange(each)}
          />
          {t(`live:sources.${each}`)}
        </label>
      ))}
    </fieldset>
  );
}

function DeviceField({ value, onChange }: { value: string; onChange: (deviceId: string) => void }) {
  const { t } = useTranslation(['translation', 'live']);
  const microphones = useMicrophones();
  return (
    <SelectField label={t('live:device')} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{t('live:deviceUsual')}</option>
      {microphones.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
