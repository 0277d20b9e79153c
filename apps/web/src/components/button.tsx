import type { ButtonHTMLAttributes } from 'react';
import styles from './button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** At most one `primary` in a view: what most people came for. */
  kind?: 'primary' | 'normal' | 'quiet' | 'danger';
}

export function Button({ kind = 'normal', className, ...rest }: ButtonProps) {
  return <button type="button" className={classes(styles.button, styles[kind], className)} {...rest} />;
}

export interface IconButtonProps extends Omit<ButtonProps, 'aria-label'> {
  /** What it does, for those who cannot see the icon, and for the pointer that rests on it. */
  label: string;
}

export function IconButton({ label, kind = 'quiet', className, ...rest }: IconButtonProps) {
  return <Button kind={kind} className={classes(styles.icon, className)} aria-label={label} title={label} {...rest} />;
}

export function classes(...names: readonly (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
