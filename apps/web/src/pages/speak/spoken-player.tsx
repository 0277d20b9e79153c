import type { ComponentProps } from 'react';
import { client } from '../../api/client.ts';
import styles from './spoken-player.module.css';

interface SpokenPlayerProps extends Pick<ComponentProps<'audio'>, 'ref' | 'hidden' | 'preload'> {
  jobId: string;
  label: string;
}

/** Plays what a job has spoken, with captions. */
export function SpokenPlayer({ jobId, label, ...player }: SpokenPlayerProps) {
  return (
    <audio
      {...player}
      className={styles.player}
      controls
      src={client.speech.resultUrl(jobId, 'wav')}
      aria-label={label}
    >
      <track kind="captions" src={client.speech.resultUrl(jobId, 'vtt')} />
    </audio>
  );
}
