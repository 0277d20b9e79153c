import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../i18n/durations.ts';
import styles from './level-meter.module.css';

export interface LevelMeterProps {
  /** 0 to 1 */
  level: () => number;
  seconds: () => number;
  isPaused: boolean;
}

/** A light, the time and the loudness of a recording. All change with every frame, so they are written past React. */
export function LevelMeter({ level, seconds, isPaused }: LevelMeterProps) {
  const { t } = useTranslation();
  const meter = useRef<HTMLMeterElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const measured = useRef({ level, seconds, isPaused });
  measured.current = { level, seconds, isPaused };
  useEffect(() => {
    let frame = 0;
    let shown = 0;
    const draw = () => {
      const now = measured.current;
      shown = Math.max(now.isPaused ? 0 : Math.min(1, now.level()), shown * 0.9);
      if (meter.current !== null) meter.current.value = shown;
      if (clock.current !== null) clock.current.textContent = clockText(now.seconds());
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <>
      <span className={styles.light} data-paused={isPaused} aria-hidden="true" />
      <span ref={clock} className={styles.clock} role="timer" aria-label={t('recorder.time')} />
      <meter ref={meter} className={styles.meter} min={0} max={1} value={0} aria-label={t('recorder.level')} />
    </>
  );
}
