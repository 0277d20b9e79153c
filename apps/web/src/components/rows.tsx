import type { ReactNode } from 'react';
import { classes } from './button.tsx';
import styles from './rows.module.css';

interface RowsProps {
  label?: string;
  /** Without: rows that stand for themselves. */
  isFramed?: boolean;
  children: ReactNode;
}

/** A list of things, each with a name, what is known of it, and what can be done with it. */
export function Rows({ label, isFramed = true, children }: RowsProps) {
  return (
    <ul className={classes(styles.rows, isFramed && styles.framed)} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  name: ReactNode;
  /** What is known of it, in a line. */
  facts?: ReactNode;
  /** Further lines of the same kind. */
  notes?: ReactNode;
  actions?: ReactNode;
  /** Several actions go below the name where there is no room beside it. */
  wraps?: boolean;
  children?: ReactNode;
}

export function Row({ name, facts, notes, actions, wraps = false, children }: RowProps) {
  return (
    <li className={styles.row}>
      <div className={classes(styles.head, wraps && styles.wraps)}>
        <div className={styles.names}>
          <div className={styles.name}>{name}</div>
          {facts !== undefined && <Facts>{facts}</Facts>}
          {notes}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </li>
  );
}

/** In small letters, below a name. */
export function Facts({ children }: { children: ReactNode }) {
  return <p className={styles.facts}>{children}</p>;
}
