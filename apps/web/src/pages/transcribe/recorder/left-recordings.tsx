import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Notice } from '../../../components/notice.tsx';
import { localeFor } from '../../../i18n/locale.ts';
import type { StoredRecording } from '../../../storage/database.ts';
import { fileOf, forgetRecording, leftRecordings } from './recorder.ts';
import styles from './recorder-panel.module.css';

interface LeftRecordingsProps {
  onRecorded: (file: File) => Promise<void>;
  /** The one that is being recorded is not left. */
  isRecording: boolean;
}

/** Recordings whose tab was closed before they were finished. */
export function LeftRecordings({ onRecorded, isRecording }: LeftRecordingsProps) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const left = useQuery({ queryKey: ['left-recordings', isRecording], queryFn: leftRecordings, networkMode: 'always' });
  if (isRecording || left.data === undefined) return null;
  const date = new Intl.DateTimeFormat(localeFor(i18n.language), { dateStyle: 'medium', timeStyle: 'short' });
  const forget = async ({ id }: StoredRecording) => {
    await forgetRecording(id);
    await queries.invalidateQueries({ queryKey: ['left-recordings'] });
  };
  const use = async (recording: StoredRecording) => {
    await onRecorded(await fileOf(recording));
    await forget(recording);
  };
  return left.data.map((recording) => (
    <Notice key={recording.id} kind="caution" title={t('recorder.left')}>
      <p>{t('recorder.leftText', { date: date.format(recording.startedAtMs) })}</p>
      <div className={styles.actions}>
        <Button kind="primary" onClick={() => void use(recording)}>
          {t('recorder.use')}
        </Button>
        <ConfirmButton
          question={t('recorder.discardQuestion')}
          consequence={t('recorder.discardConsequence')}
          action={t('recorder.discard')}
          onConfirm={() => void forget(recording)}
        >
          {t('recorder.discard')}
        </ConfirmButton>
      </div>
    </Notice>
  ));
}
