import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { jobPages } from '../../api/job-pages.ts';
import { Failure } from '../../components/failure.tsx';
import { MoreButton } from '../../components/more-button.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { localeFor } from '../../i18n/locale.ts';
import { Downloads } from './downloads.tsx';
import styles from './history.module.css';

/** What was spoken before and is still there, newest first. */
export function History() {
  const { t, i18n } = useTranslation(['translation', 'speak']);
  const query = useInfiniteQuery(jobPages({ status: 'completed' }));
  const jobs = (query.data?.pages ?? []).flatMap((page) => page.jobs).filter(({ kind }) => kind === 'speech');
  const day = new Intl.DateTimeFormat(localeFor(i18n.language), { dateStyle: 'medium', timeStyle: 'short' });
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (jobs.length === 0 && !query.hasNextPage) return null;
  return (
    <section className={styles.history} aria-label={t('speak:history')}>
      <h2>{t('speak:history')}</h2>
      <Rows>
        {jobs.map(({ job_id: id, file_name: name, created_at: at }) => (
          <Row key={id} name={name} facts={day.format(new Date(at))} actions={<Downloads jobId={id} />} wraps />
        ))}
      </Rows>
      <MoreButton query={query} />
    </section>
  );
}
