import { Upload as UploadIcon, X } from 'lucide-react';
import { useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { explain } from '../../../api/explain.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { Facts, Row, Rows } from '../../../components/rows.tsx';
import { bytesText } from '../../../i18n/bytes.ts';
import { localeFor } from '../../../i18n/locale.ts';
import styles from '../lists.module.css';
import { type Upload, uploadQueue } from './upload-queue.ts';

/** What is on its way to the service. */
export function UploadList() {
  const { t } = useTranslation();
  const uploads = useSyncExternalStore(uploadQueue.subscribe, uploadQueue.current);
  if (uploads.length === 0) return null;
  return (
    <section className={styles.section} aria-label={t('uploads.title')}>
      <h2>{t('uploads.title')}</h2>
      <Rows>
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </Rows>
    </section>
  );
}

function UploadRow({ upload }: { upload: Upload }) {
  const { t, i18n } = useTranslation();
  const { id, name, bytes, sentBytes, state, error } = upload;
  const percent = bytes === 0 ? 100 : Math.floor((100 * sentBytes) / bytes);
  return (
    <Row
      name={name}
      facts={[
        state === 'sending' ? t('uploads.sent', { percent }) : t(`uploads.states.${state}`),
        bytesText(bytes, localeFor(i18n.language)),
      ].join(' · ')}
      actions={
        <IconButton label={t('uploads.cancel', { name })} onClick={() => void uploadQueue.remove(id)}>
          <X size={18} aria-hidden="true" />
        </IconButton>
      }
    >
      {state === 'sending' && <ProgressBar label={t('uploads.progress', { name })} percent={percent} />}
      {state === 'sending' && error !== null && <Facts>{explain(error, t).title}</Facts>}
      {state === 'missing' && <PickAgain id={id} />}
      {state === 'failed' && <Failure error={error} onRetry={() => uploadQueue.again(id)} />}
    </Row>
  );
}

function PickAgain({ id }: { id: string }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div>
      <Button onClick={() => input.current?.click()}>
        <UploadIcon size={16} aria-hidden="true" />
        {t('uploads.pickAgain')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) void uploadQueue.giveFile(id, file);
        }}
      />
    </div>
  );
}
