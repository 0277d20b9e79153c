import { Mic, MicOff, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { LevelMeter } from '../../sound/level-meter.tsx';
import type { LiveSession, LiveState } from './session/live-session.ts';
import styles from './session-view.module.css';

/** What is heard at this moment; silence, and the end. */
export function Controls({ session, state: { phase } }: { session: LiveSession; state: LiveState }) {
  const { t } = useTranslation(['translation', 'live']);
  const isPaused = phase === 'paused';
  const toggle = () => {
    if (isPaused) void session.goOn();
    else session.pause();
  };
  return (
    <div className={styles.bar}>
      <LevelMeter level={() => session.level()} seconds={() => session.seconds()} isPaused={phase !== 'listening'} />
      {phase === 'ending' ? (
        <p role="status">{t('live:ending')}</p>
      ) : (
        <div className={styles.actions}>
          <Button aria-pressed={isPaused} disabled={phase === 'starting'} onClick={toggle}>
            {isPaused ? <Mic size={16} aria-hidden="true" /> : <MicOff size={16} aria-hidden="true" />}
            {isPaused ? t('recorder.resume') : t('recorder.pause')}
          </Button>
          <Button kind="primary" onClick={() => void session.stop()}>
            <Square size={16} aria-hidden="true" />
            {t('live:stop')}
          </Button>
        </div>
      )}
    </div>
  );
}
