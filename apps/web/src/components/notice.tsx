import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './button.tsx';
import styles from './notice.module.css';

const ICONS = { info: Info, caution: TriangleAlert, danger: CircleAlert };

export interface NoticeProps {
  kind: keyof typeof ICONS;
  title: string;
  children?: ReactNode;
}

/** Something to know before going on. What is `danger` is read out at once. */
export function Notice({ kind, title, children }: NoticeProps) {
  const Icon = ICONS[kind];
  return (
    <div className={classes(styles.notice, styles[kind])} role={kind === 'danger' ? 'alert' : 'status'}>
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      <div>
        <p className={styles.title}>{title}</p>
        {children}
      </div>
    </div>
  );
}
