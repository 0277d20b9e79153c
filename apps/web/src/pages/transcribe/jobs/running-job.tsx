import type { WireStatus } from '@sotto/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { IconButton } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { Row } from '../../../components/rows.tsx';
import { clockText } from '../../../i18n/durations.ts';
import styles from '../lists.module.css';
import { useProgressText } from './progress-text.ts';
import { useFollowedJob } from './use-followed-job.ts';

/** A job at work, with its text as it comes. */
export function RunningJob({ job, isFollowed }: { job: WireStatus; isFollowed: boolean }) {
  const { t } = useTranslation();
  const { job_id: id, file_name: name } = job;
  const followed = useFollowedJob(id, isFollowed);
  const progress = Math.max(job.progress, followed.progress ?? 0);
  const stage = followed.stage ?? job.stage ?? 'queued';
  const progressText = useProgressText({ ...job, progress, stage });
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => client.cancel(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
  return (
    <Row
      name={name}
      facts={[progressText, job.duration !== undefined && clockText(job.duration)].filter(Boolean).join(' · ')}
      actions={
        <IconButton label={t('jobs.cancel', { name })} disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          <X size={18} aria-hidden="true" />
        </IconButton>
      }
    >
      <ProgressBar label={t('jobs.progress', { name })} percent={stage === 'queued' ? null : progress} />
      {cancel.isError && <Failure error={cancel.error} />}
      {followed.texts.length > 0 && <LiveText texts={followed.texts} />}
    </Row>
  );
}

/** Its end is in view, unless somebody has scrolled up. */
function LiveText({ texts }: { texts: readonly string[] }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const count = texts.length;
  useEffect(() => {
    const element = box.current;
    if (element === null || count === 0) return;
    const isNearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < element.clientHeight;
    if (isNearEnd) element.scrollTop = element.scrollHeight;
  }, [count]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls it with the keys
    <div ref={box} className={styles.text} role="log" aria-label={t('jobs.liveText')} tabIndex={0}>
      {texts.join('')}
    </div>
  );
}
