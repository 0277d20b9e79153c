import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../components/page-header.tsx';
import { AddressForm } from './address-form.tsx';
import { DropZone } from './drop-zone.tsx';
import { FirstSteps } from './first-steps.tsx';
import { JobList } from './jobs/job-list.tsx';
import { useJobs } from './jobs/use-jobs.ts';
import { useKept } from './jobs/use-kept.ts';
import { optionsOf, useChoice } from './options.ts';
import { OptionsPanel } from './options-panel.tsx';
import styles from './page.module.css';
import { RecorderPanel } from './recorder/recorder-panel.tsx';
import { UploadList } from './uploads/upload-list.tsx';
import { uploadQueue } from './uploads/upload-queue.ts';

/** From a recording to its text. */
export function TranscribePage() {
  const { t } = useTranslation();
  const [choice, change] = useChoice();
  const jobs = useJobs();
  const uploads = useSyncExternalStore(uploadQueue.subscribe, uploadQueue.current);
  useEffect(() => {
    void uploadQueue.restore();
  }, []);
  const kept = useKept();
  const options = optionsOf(choice, kept !== null);
  const add = (file: File) => uploadQueue.add(file, options);
  const addAll = (files: File[]) => {
    for (const file of files) void add(file);
  };
  const isEmpty = uploads.length === 0 && jobs.data?.pages.every((page) => page.jobs.length === 0) === true;
  return (
    <>
      <PageHeader title={t('transcribe.title')} lead={t('transcribe.lead')} />
      <div className={styles.start}>
        <div className={styles.sources}>
          <DropZone onFiles={addAll} />
          <AddressForm options={options} />
          <RecorderPanel onRecorded={add} />
        </div>
        <OptionsPanel choice={choice} hasLibrary={kept !== null} onChange={change} />
        <div>
          {isEmpty && <FirstSteps onFiles={addAll} />}
          <UploadList />
          <JobList query={jobs} kept={kept} />
        </div>
      </div>
    </>
  );
}
