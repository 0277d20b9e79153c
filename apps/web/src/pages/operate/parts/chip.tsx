import type { ReactNode } from 'react';
import { classes } from '../../../components/button.tsx';
import styles from './chip.module.css';

export type Tone = 'plain' | 'good' | 'caution' | 'danger';

/** The state of a thing, in a word. */
export function Chip({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={classes(styles.chip, styles[tone])}>{children}</span>;
}
