import { Pause, Play, RotateCcw, RotateCw } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { clockText } from '../../../i18n/durations.ts';
import { type Player, SPEEDS } from './player.ts';
import styles from './player-bar.module.css';
import { Waveform } from './waveform.tsx';

export const SKIP_MS = 5_000;

interface PlayerBarProps {
  player: Player;
  itemId: string;
  bytes: number;
  durationMs: number;
  speech: readonly { startMs: number; endMs: number }[];
}

/** Everything about hearing. */
export function PlayerBar({ player, durationMs, ...recording }: PlayerBarProps) {
  const { t } = useTranslation();
  const { isPlaying, speed, isBroken } = useSyncExternalStore(player.subscribe, player.current);
  if (isBroken) return <p className={styles.broken}>{t('player.broken')}</p>;
  return (
    <div className={styles.bar}>
      <div className={styles.buttons}>
        <IconButton label={t('player.back')} onClick={() => player.skip(-SKIP_MS)}>
          <RotateCcw size={18} aria-hidden="true" />
        </IconButton>
        <Button
          kind="primary"
          className={styles.play}
          aria-label={isPlaying ? t('player.pause') : t('player.play')}
          title={isPlaying ? t('player.pause') : t('player.play')}
          onClick={() => player.toggle()}
        >
          {isPlaying ? <Pause size={18} aria-hidden="true" /> : <Play size={18} aria-hidden="true" />}
        </Button>
        <IconButton label={t('player.ahead')} onClick={() => player.skip(SKIP_MS)}>
          <RotateCw size={18} aria-hidden="true" />
        </IconButton>
      </div>
      <Clock player={player} durationMs={durationMs} />
      <Waveform player={player} durationMs={durationMs} {...recording} />
      <select
        className={styles.speed}
        aria-label={t('player.speed')}
        value={speed}
        onChange={({ target }) => player.setSpeed(Number(target.value))}
      >
        {SPEEDS.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
    </div>
  );
}

function Clock({ player, durationMs }: { player: Player; durationMs: number }) {
  const text = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      player.watch((atMs) => {
        if (text.current !== null) text.current.textContent = clockText(atMs / 1000);
      }),
    [player],
  );
  return (
    <p className={styles.clock}>
      <span ref={text}>0:00</span>
      <span className={styles.duration}> / {clockText(durationMs / 1000)}</span>
    </p>
  );
}
