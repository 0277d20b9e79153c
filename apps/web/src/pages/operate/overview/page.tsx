import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Failure } from '../../../components/failure.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import layout from '../../../usage/layout.module.css';
import { Failures } from './failures.tsx';
import { Figures } from './figures.tsx';
import { Lanes } from './lanes.tsx';
import { Machines } from './machines.tsx';
import { Notices } from './notices.tsx';
import { RecentDays } from './recent-days.tsx';

const LOOK_AGAIN_MS = 5_000;

/** How the service is, at a glance. */
export function OverviewPage() {
  const { t } = useTranslation('operate');
  const overview = useQuery({
    queryKey: ['operate', 'overview'],
    queryFn: ({ signal }) => client.admin.overview({ signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <PageHeader title={t('sections.overview')} lead={t('overview.lead')}>
        <a href="/admin/queues">{t('overview.dashboard')}</a>
      </PageHeader>
      <div className={layout.notices}>
        {overview.isError && <Failure error={overview.error} onRetry={() => void overview.refetch()} />}
        {overview.data !== undefined && <Notices overview={overview.data} />}
      </div>
      {overview.data !== undefined && (
        <>
          <Figures overview={overview.data} />
          <RecentDays />
          <Lanes overview={overview.data} />
        </>
      )}
      <Machines />
      <Failures />
    </>
  );
}
