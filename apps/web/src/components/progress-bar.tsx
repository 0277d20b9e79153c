import styles from './progress-bar.module.css';

/** @param percent 0 to 100; null: something is going on, and nobody knows how far it is. */
export function ProgressBar({ label, percent }: { label: string; percent: number | null }) {
  return <progress className={styles.bar} aria-label={label} max={100} {...(percent !== null && { value: percent })} />;
}
