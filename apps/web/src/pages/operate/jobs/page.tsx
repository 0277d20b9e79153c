import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Failure } from '../../../components/failure.tsx';
import { SelectField } from '../../../components/field.tsx';
import { MoreButton } from '../../../components/more-button.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { Rows } from '../../../components/rows.tsx';
import layout from '../../../usage/layout.module.css';
import { KeyField } from '../parts/key-field.tsx';
import { JobRow } from './job-row.tsx';

const STATUSES = ['processing', 'completed', 'failed', 'cancelled'] as const;
const LOOK_AGAIN_MS = 5_000;

/** Jobs of all keys. */
export function JobsPage() {
  const { t } = useTranslation('operate');
  const [status, setStatus] = useState<(typeof STATUSES)[number] | ''>('');
  const [keyId, setKeyId] = useState('');
  const filter = { ...(status !== '' && { status }), ...(keyId !== '' && { ofKey: keyId }) };
  const query = useInfiniteQuery({
    queryKey: ['operate', 'jobs', filter],
    queryFn: ({ pageParam, signal }) =>
      client.admin.jobs({ ...filter, ...(pageParam !== null && { cursor: pageParam }), signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const jobs = query.data?.pages.flatMap((page) => page.jobs) ?? [];
  return (
    <>
      <PageHeader title={t('sections.jobs')} lead={t('jobs.lead')} />
      <div className={layout.filters}>
        <SelectField
          label={t('jobs.status')}
          value={status}
          onChange={({ target }) => setStatus(STATUSES.find((one) => one === target.value) ?? '')}
        >
          <option value="">{t('jobs.all')}</option>
          {STATUSES.map((one) => (
            <option key={one} value={one}>
              {t(`jobs.statuses.${one}`)}
            </option>
          ))}
        </SelectField>
        <KeyField value={keyId} onChange={setKeyId} />
      </div>
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && jobs.length === 0 && <EmptyState title={t('jobs.empty')} text={t('jobs.emptyText')} />}
      {jobs.length > 0 && (
        <Rows label={t('sections.jobs')}>
          {jobs.map((job) => (
            <JobRow key={job.job_id} job={job} />
          ))}
        </Rows>
      )}
      <MoreButton query={query} />
    </>
  );
}
