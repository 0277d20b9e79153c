import type { WireStatus } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../../components/failure.tsx';
import { MoreButton } from '../../../components/more-button.tsx';
import { Rows } from '../../../components/rows.tsx';
import styles from '../lists.module.css';
import { EndedJob } from './ended-job.tsx';
import { RunningJob } from './running-job.tsx';
import type { useJobs } from './use-jobs.ts';

/** Browsers open six connections to a service: with each followed job one is taken for as long as it runs. */
const MOST_FOLLOWED = 2;

interface JobListProps {
  query: ReturnType<typeof useJobs>;
  /** Ids of jobs that the library has; null: there is none. */
  kept: ReadonlySet<string> | null;
}

/** What runs, and what has ended not long ago. */
export function JobList({ query, kept }: JobListProps) {
  const { t } = useTranslation();
  // What was spoken has a page of its own.
  const jobs = (query.data?.pages ?? [])
    .flatMap((page) => page.jobs)
    .filter(({ kind }) => kind !== 'speech' && kind !== 'matching');
  const running = jobs.filter(({ status }) => status === 'processing');
  const ended = jobs.filter(({ status }) => status !== 'processing');
  // The oldest ones are at work, the others wait.
  const followed = new Set(running.slice(-MOST_FOLLOWED).map(({ job_id: id }) => id));
  return (
    <>
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      <Section title={t('jobs.running')} jobs={running}>
        {(job) => <RunningJob key={job.job_id} job={job} isFollowed={followed.has(job.job_id)} />}
      </Section>
      <Section title={t('jobs.ended')} jobs={ended}>
        {(job) => <EndedJob key={job.job_id} job={job} isKept={kept?.has(job.job_id) ?? false} />}
      </Section>
      <MoreButton query={query} />
    </>
  );
}

interface SectionProps {
  title: string;
  jobs: readonly WireStatus[];
  children: (job: WireStatus) => React.ReactNode;
}

function Section({ title, jobs, children }: SectionProps) {
  if (jobs.length === 0) return null;
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      <Rows>{jobs.map(children)}</Rows>
    </section>
  );
}
