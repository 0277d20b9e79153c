import type { AnchorHTMLAttributes } from 'react';
import { Link, type LinkProps } from 'react-router';
import styles from './button.module.css';
import { classes } from './button.tsx';

/** Looks like a button and is the address of something to download. */
export function LinkButton(attributes: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a className={classes(styles.button, styles.link)} {...attributes} />;
}

/** The same for another page. */
export function RouteButton(props: LinkProps) {
  return <Link className={classes(styles.button, styles.link)} {...props} />;
}
