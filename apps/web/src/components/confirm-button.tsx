import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, type ButtonProps } from './button.tsx';
import styles from './confirm-button.module.css';

interface ConfirmButtonProps extends Omit<ButtonProps, 'onClick'> {
  /** What is about to happen, as a question. */
  question: string;
  /** What cannot be undone about it. */
  consequence: string;
  /** The verb, on the button that does it. */
  action: string;
  onConfirm: () => void;
  children: ReactNode;
}

/** For what cannot be undone: asks first. */
export function ConfirmButton({ question, consequence, action, onConfirm, children, ...rest }: ConfirmButtonProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  return (
    <>
      <Button {...rest} onClick={() => dialog.current?.showModal()}>
        {children}
      </Button>
      <dialog ref={dialog} className={styles.dialog} aria-label={question}>
        <h2>{question}</h2>
        <p>{consequence}</p>
        <div className={styles.actions}>
          <Button onClick={close}>{t('dialog.cancel')}</Button>
          <Button
            kind="danger"
            onClick={() => {
              close();
              onConfirm();
            }}
          >
            {action}
          </Button>
        </div>
      </dialog>
    </>
  );
}
