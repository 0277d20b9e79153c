import { Mic, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { LevelMeter } from '../../../sound/level-meter.tsx';
import { MicrophoneFailure } from '../../../sound/microphone-failure.tsx';
import { forgetRecording, Recorder } from '../../transcribe/recorder/recorder.ts';
import styles from './own-voices.module.css';

interface SoundFieldProps {
  label: string;
  hint: string;
  file: File | null;
  onFile: (file: File | null) => void;
}

/** A recording: a file that is chosen or dropped, or what the microphone hears. */
export function SoundField({ label, hint, file, onFile }: SoundFieldProps) {
  const { t } = useTranslation(['translation', 'speak']);
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const [error, setError] = useState<unknown>(null);
  /** Makes the field forget a file that was chosen before. */
  const [recordings, setRecordings] = useState(0);
  useEffect(() => () => recorder?.release(), [recorder]);
  const start = () => Recorder.start().then(setRecorder, setError);
  const finish = async (running: Recorder) => {
    setRecorder(null);
    setRecordings((before) => before + 1);
    onFile(await running.finish());
    await forgetRecording(running.recording.id);
  };
  return (
    <div className={styles.sound}>
      <Field label={label} hint={hint}>
        {(attributes) => (
          <input
            {...attributes}
            key={recordings}
            type="file"
            accept="audio/*"
            onChange={({ target }) => onFile(target.files?.[0] ?? null)}
          />
        )}
      </Field>
      {recorder === null ? (
        <Button disabled={navigator.mediaDevices === undefined} onClick={() => void start()}>
          <Mic size={16} aria-hidden="true" />
          {t('recorder.start')}
        </Button>
      ) : (
        <>
          <LevelMeter level={() => recorder.level()} seconds={() => recorder.recordedMs / 1000} isPaused={false} />
          <Button onClick={() => void finish(recorder)}>
            <Square size={16} aria-hidden="true" />
            {t('speak:own.finish')}
          </Button>
        </>
      )}
      {file !== null && <p>{file.name}</p>}
      {error !== null && <MicrophoneFailure error={error} />}
    </div>
  );
}
