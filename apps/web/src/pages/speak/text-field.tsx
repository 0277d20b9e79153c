import { FileText, X } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, classes } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import styles from './text-field.module.css';

const ROWS = 8;
const ACCEPTED = '.txt,.md,.markdown,.ssml,.xml,.srt,.vtt,.docx,.epub';

interface TextFieldProps {
  value: string;
  onChange: (text: string) => void;
  onFile: (file: File) => void;
}

/** What is to be spoken: written, pasted, or a file that is dropped on it or picked. */
export function SpokenTextField({ value, onChange, onFile }: TextFieldProps) {
  const { t } = useTranslation(['translation', 'speak']);
  const [isOver, setIsOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    setIsOver(false);
    const [file] = event.dataTransfer.files;
    // Dropped text goes where it is dropped, by the browser itself.
    if (file === undefined) return;
    event.preventDefault();
    onFile(file);
  };
  return (
    <div className={styles.field}>
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
            onDrop={drop}
          />
        )}
      </Field>
      <Button onClick={() => picker.current?.click()}>
        <FileText size={16} aria-hidden="true" />
        {t('speak:openFile')}
      </Button>
      <input
        ref={picker}
        type="file"
        hidden
        accept={ACCEPTED}
        aria-label={t('speak:openFile')}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) onFile(file);
          // The same file can be picked again.
          target.value = '';
        }}
      />
    </div>
  );
}

/** A document in place of a text: the service reads it. */
export function DocumentField({ file, onRemove }: { file: File; onRemove: () => void }) {
  const { t } = useTranslation(['translation', 'speak']);
  return (
    <div className={styles.document}>
      <FileText size={28} strokeWidth={1.5} aria-hidden="true" />
      <p>{file.name}</p>
      <Button onClick={onRemove}>
        <X size={16} aria-hidden="true" />
        {t('speak:removeFile')}
      </Button>
    </div>
  );
}
