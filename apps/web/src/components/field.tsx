import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from 'react';
import { classes } from './button.tsx';
import styles from './field.module.css';

interface Named {
  label: string;
  /** One sentence that helps to choose. */
  hint?: string | undefined;
}

interface FieldProps extends Named {
  children: (attributes: { id: string; 'aria-describedby': string | undefined }) => ReactNode;
}

/** A control with its label and its hint. */
export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}hint`;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': hintId })}
      {hint !== undefined && (
        <p id={hintId} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, className, ...rest }: Named & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint}>
      {(attributes) => <input className={classes(styles.control, className)} {...attributes} {...rest} />}
    </Field>
  );
}

export function SelectField({ label, hint, className, ...rest }: Named & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} hint={hint}>
      {(attributes) => (
        <select className={classes(styles.control, styles.select, className)} {...attributes} {...rest} />
      )}
    </Field>
  );
}

export function CheckField({ label, hint, ...rest }: Named & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className={styles.check}>
      <input type="checkbox" id={id} aria-describedby={hint === undefined ? undefined : `${id}hint`} {...rest} />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
