import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import styles from './text-field.module.css';

const ROWS = 8;

interface TextFieldProps {
  value: string;
  onChange: (text: string) => void;
  onFile: (file: File) => Promise<void>;
}

/** What is to be spoken: written, pasted, or a file of text that is dropped on it. */
export function SpokenTextField({ value, onChange, onFile }: TextFieldProps) {
  const { t } = useTranslation(['translation', 'speak']);
  const [isOver, setIsOver] = useState(false);
  const drop = async (event: DragEvent) => {
    setIsOver(false);
    const [file] = event.dataTransfer.files;
    // Dropped text goes where it is dropped, by the browser itself.
    if (file === undefined) return;
    event.preventDefault();
    await onFile(file);
  };
  return (
    <Field label={t('speak:text')} hint={t('speak:textHint')}>
      {(attributes) => (
        <textarea
          {...attributes}
          className={classes(styles.text, isOver && styles.over)}
          rows={ROWS}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          onDragOver={(event) => {
            if (event.dataTransfer.types.includes('Files')) event.preventDefault();
            setIsOver(true);
          }}
          onDragLeave={() => setIsOver(false)}
          onDrop={(event) => void drop(event)}
        />
      )}
    </Field>
  );
}
