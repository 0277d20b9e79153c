import type { AnchorHTMLAttributes } from 'react';
import styles from './button.module.css';
import { classes } from './button.tsx';

/** Looks like a button and is an address: of something to download, or of another page. */
export function LinkButton({ className, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a className={classes(styles.button, styles.link, className)} {...rest} />;
}
