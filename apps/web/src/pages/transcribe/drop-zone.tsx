import { Upload } from 'lucide-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, classes } from '../../components/button.tsx';
import styles from './drop-zone.module.css';

const hasFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes('Files') ?? false;

/** Recordings are dropped anywhere on the page, or picked. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const isOver = useDropAnywhere(onFiles);
  return (
    <div className={classes(styles.zone, isOver && styles.over)}>
      <Upload size={28} strokeWidth={1.5} aria-hidden="true" />
      <p className={styles.title}>{isOver ? t('drop.now') : t('drop.title')}</p>
      <p className={styles.hint}>{t('drop.hint')}</p>
      <Button kind="primary" onClick={() => input.current?.click()}>
        {t('drop.pick')}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('drop.pick')}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // The same file can be picked again.
          target.value = '';
        }}
      />
    </div>
  );
}

/** @returns whether files are being held over the window. */
function useDropAnywhere(onFiles: (files: File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    const abort = new AbortController();
    const on = (type: 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void) =>
      window.addEventListener(type, listener as unknown as EventListener, { signal: abort.signal });
    on('dragover', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setIsOver(true);
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setIsOver(false);
    });
    on('drop', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setIsOver(false);
      latest.current([...event.dataTransfer.files]);
    });
    return () => abort.abort();
  }, []);
  return isOver;
}
