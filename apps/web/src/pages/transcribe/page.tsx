import { useEffect, useId, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { type Choice, optionsOf } from '../../transcription/choice.ts';
import { useChoice, useDefaults } from '../../transcription/defaults.ts';
import { OptionFields } from '../../transcription/option-fields.tsx';
import { AddressForm } from './address-form.tsx';
import { DropZone } from './drop-zone.tsx';
import { FirstSteps } from './first-steps.tsx';
import { JobList } from './jobs/job-list.tsx';
import { useJobs } from './jobs/use-jobs.ts';
import { useKept } from './jobs/use-kept.ts';
import styles from './page.module.css';
import { RecorderPanel } from './recorder/recorder-panel.tsx';
import { UploadList } from './uploads/upload-list.tsx';
import { uploadQueue } from './uploads/upload-queue.ts';

/** From a recording to its text. */
export function TranscribePage() {
  const { t } = useTranslation();
  const defaults = useDefaults();
  return (
    <>
      <PageHeader title={t('transcribe.title')} lead={t('transcribe.lead')} />
      {defaults !== null && <Desk defaults={defaults} />}
    </>
  );
}

function Desk({ defaults }: { defaults: Choice }) {
  const { t } = useTranslation();
  const [choice, change] = useChoice(defaults);
  const jobs = useJobs();
  const uploads = useSyncExternalStore(uploadQueue.subscribe, uploadQueue.current);
  useEffect(() => {
    void uploadQueue.restore();
  }, []);
  const kept = useKept();
  const optionsId = useId();
  const options = optionsOf(choice, kept !== null);
  const add = (file: File) => uploadQueue.add(file, options);
  const addAll = (files: File[]) => {
    for (const file of files) void add(file);
  };
  const isEmpty = uploads.length === 0 && jobs.data?.pages.every((page) => page.jobs.length === 0) === true;
  return (
    <div className={styles.start}>
      <div className={styles.sources}>
        <DropZone onFiles={addAll} />
        <AddressForm options={options} />
        <RecorderPanel onRecorded={add} />
      </div>
      <section className={styles.options} aria-labelledby={optionsId}>
        <h2 id={optionsId}>{t('options.title')}</h2>
        <OptionFields choice={choice} hasLibrary={kept !== null} onChange={change} />
        <Link className={styles.toDefaults} to="/settings">
          {t('options.toDefaults')}
        </Link>
      </section>
      <div>
        {isEmpty && <FirstSteps onFiles={addAll} />}
        <UploadList />
        <JobList query={jobs} kept={kept} />
      </div>
    </div>
  );
}
