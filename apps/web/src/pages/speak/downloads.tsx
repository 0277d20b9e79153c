import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { LinkButton } from '../../components/link-button.tsx';
import styles from './downloads.module.css';

const FORMATS = ['mp3', 'm4b', 'opus', 'wav', 'srt'] as const;

/** Of what was spoken, as sound and as captions. */
export function Downloads({ jobId }: { jobId: string }) {
  const { t } = useTranslation(['translation', 'speak']);
  return (
    <div className={styles.downloads}>
      {FORMATS.map((format) => (
        <LinkButton
          key={format}
          href={client.speech.resultUrl(jobId, format)}
          download={`${jobId}.${extensionOf(format)}`}
          aria-label={t('speak:download', { format: extensionOf(format).toUpperCase() })}
        >
          {extensionOf(format).toUpperCase()}
        </LinkButton>
      ))}
    </div>
  );
}

const extensionOf = (format: (typeof FORMATS)[number]): string => (format === 'opus' ? 'ogg' : format);
