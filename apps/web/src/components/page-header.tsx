import { type ReactNode, useEffect } from 'react';
import { serviceName } from '../theme/choice.ts';
import styles from './page-header.module.css';

/** The page's title, which is also the window's, and what can be done with the whole page. */
export function PageHeader({ title, lead, children }: { title: string; lead?: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${serviceName()}`;
  }, [title]);
  return (
    <header className={styles.header}>
      <div>
        <h1>{title}</h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </div>
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </header>
  );
}
