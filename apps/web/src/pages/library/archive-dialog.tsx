import type { UploadProgress } from '@sotto/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/failure.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import styles from './library.module.css';

/** Everything into a file, and out of one. */
export function ArchiveDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('archive.title')} onClose={onClose}>
      <section className={styles.form}>
        <p>{t('archive.exportText')}</p>
        <div>
          {/* The browser writes it to the disk as it comes, however large it is. */}
          <LinkButton href={client.library.exportUrl()} download>
            <Download size={16} aria-hidden="true" />
            {t('archive.export')}
          </LinkButton>
        </div>
      </section>
      <Import />
    </Dialog>
  );
}

function Import() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [percent, setPercent] = useState(0);
  // Who closes the dialog stops it; what is in by then stays.
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const send = useMutation({
    mutationFn: (archive: File) =>
      client.library.import(archive, {
        signal: stop.current.signal,
        onUploadProgress: ({ sentBytes }: UploadProgress) =>
          setPercent(archive.size === 0 ? 100 : Math.floor((100 * sentBytes) / archive.size)),
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['library'] }),
  });
  const start = (archive: File) => {
    stop.current = new AbortController();
    setPercent(0);
    send.mutate(archive);
  };
  return (
    <section className={styles.form}>
      <p>{t('archive.importText')}</p>
      <div>
        <Button disabled={send.isPending} onClick={() => picker.current?.click()}>
          <Upload size={16} aria-hidden="true" />
          {t('archive.import')}
        </Button>
        <input
          ref={picker}
          type="file"
          accept=".zip,application/zip"
          hidden
          aria-label={t('archive.import')}
          onChange={({ target }) => {
            const picked = target.files?.[0] ?? null;
            target.value = '';
            setFile(picked);
            if (picked !== null) start(picked);
          }}
        />
      </div>
      {send.isPending && (
        <>
          <p>{percent < 100 ? t('archive.sent', { percent }) : t('archive.reading')}</p>
          <ProgressBar label={t('archive.progress')} percent={percent < 100 ? percent : null} />
        </>
      )}
      {send.isSuccess && <Outcome outcome={send.data} />}
      {send.isError && (
        <Failure
          error={send.error}
          onRetry={() => {
            if (file !== null) start(file);
          }}
        />
      )}
    </section>
  );
}

function Outcome({ outcome }: { outcome: Awaited<ReturnType<typeof client.library.import>> }) {
  const { t } = useTranslation();
  const { imported, skipped, failed } = outcome;
  return (
    <Notice kind={failed.length > 0 ? 'caution' : 'info'} title={t('archive.imported', { count: imported })}>
      {skipped > 0 && <p>{t('archive.skipped', { count: skipped })}</p>}
      {failed.length > 0 && (
        <>
          <p>{t('archive.failed', { count: failed.length })}</p>
          <ul className={styles.failed}>
            {failed.map(({ entry, detail }) => (
              <li key={entry}>
                {entry}: {detail}
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  );
}
