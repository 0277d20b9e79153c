import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

/** Nothing is here: why, and what to do now. */
export function EmptyState({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <section className={styles.empty}>
      <h2>{title}</h2>
      <p>{text}</p>
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </section>
  );
}
