import { Circle, Mic, Pause, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Notice } from '../../../components/notice.tsx';
import { clockText } from '../../../i18n/durations.ts';
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
      {error !== null && <Refused error={error} />}
      <LeftRecordings onRecorded={onRecorded} isRecording={recorder !== null} />
    </div>
  );
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
  return (
    <Notice kind="danger" title={isRefused ? t('recorder.refused') : t('recorder.none')}>
      <p>{isRefused ? t('recorder.refusedAdvice') : t('recorder.noneAdvice')}</p>
    </Notice>
  );
}

function Running({ recorder, onFinish }: { recorder: Recorder; onFinish: () => void }) {
  const { t } = useTranslation();
  const [isPaused, setIsPaused] = useState(false);
  const { meter, clock } = useMeter(recorder);
  useEffect(() => () => recorder.release(), [recorder]);
  const toggle = () => {
    if (isPaused) recorder.resume();
    else recorder.pause();
    setIsPaused(!isPaused);
  };
  return (
    <div className={styles.running}>
      <span className={styles.light} data-paused={isPaused} aria-hidden="true" />
      <span ref={clock} className={styles.clock} role="timer" aria-label={t('recorder.time')} />
      <meter ref={meter} className={styles.meter} min={0} max={1} value={0} aria-label={t('recorder.level')} />
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

/** Both change with every frame, so they are written past React. */
function useMeter(recorder: Recorder) {
  const meter = useRef<HTMLMeterElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    let shown = 0;
    const draw = () => {
      shown = Math.max(recorder.isPaused ? 0 : recorder.level(), shown * 0.9);
      if (meter.current !== null) meter.current.value = shown;
      if (clock.current !== null) clock.current.textContent = clockText(recorder.recordedMs / 1000);
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [recorder]);
  return { meter, clock };
}
