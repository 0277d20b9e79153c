import { Circle, Mic, Pause, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { LevelMeter } from '../../../sound/level-meter.tsx';
import { MicrophoneFailure } from '../../../sound/microphone-failure.tsx';
import { LeftRecordings } from './left-recordings.tsx';
import { forgetRecording, Recorder } from './recorder.ts';
import styles from './recorder-panel.module.css';

interface RecorderPanelProps {
  /** Resolves when the recording is kept elsewhere: until then it stays here. */
  onRecorded: (file: File) => Promise<void>;
}

/** Records from the microphone. What a closed tab left is offered again. */
export function RecorderPanel({ onRecorded }: RecorderPanelProps) {
  const { t } = useTranslation();
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const [error, setError] = useState<unknown>(null);
  const start = async () => {
    setError(null);
    try {
      setRecorder(await Recorder.start());
    } catch (reason) {
      setError(reason);
    }
  };
  const finish = async (running: Recorder) => {
    setRecorder(null);
    await onRecorded(await running.finish());
    await forgetRecording(running.recording.id);
  };
  return (
    <div className={styles.panel}>
      {recorder === null ? (
        <Button disabled={navigator.mediaDevices === undefined} onClick={() => void start()}>
          <Mic size={16} aria-hidden="true" />
          {t('recorder.start')}
        </Button>
      ) : (
        <Running recorder={recorder} onFinish={() => void finish(recorder)} />
      )}
      {navigator.mediaDevices === undefined && <p className={styles.hint}>{t('recorder.insecure')}</p>}
      {error !== null && <MicrophoneFailure error={error} />}
      <LeftRecordings onRecorded={onRecorded} isRecording={recorder !== null} />
    </div>
  );
}

function Running({ recorder, onFinish }: { recorder: Recorder; onFinish: () => void }) {
  const { t } = useTranslation();
  const [isPaused, setIsPaused] = useState(false);
  useEffect(() => () => recorder.release(), [recorder]);
  const toggle = () => {
    if (isPaused) recorder.resume();
    else recorder.pause();
    setIsPaused(!isPaused);
  };
  return (
    <div className={styles.running}>
      <LevelMeter level={() => recorder.level()} seconds={() => recorder.recordedMs / 1000} isPaused={isPaused} />
      <Button aria-pressed={isPaused} onClick={toggle}>
        {isPaused ? <Circle size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
        {isPaused ? t('recorder.resume') : t('recorder.pause')}
      </Button>
      <Button kind="primary" onClick={onFinish}>
        <Square size={16} aria-hidden="true" />
        {t('recorder.finish')}
      </Button>
    </div>
  );
}
