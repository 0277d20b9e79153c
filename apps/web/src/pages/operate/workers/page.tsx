import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Failure } from '../../../components/failure.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { Rows } from '../../../components/rows.tsx';
import { useWorkers } from '../parts/use-workers.ts';
import { WorkerRow } from './worker-row.tsx';

export function WorkersPage() {
  const { t } = useTranslation('operate');
  const workers = useWorkers();
  return (
    <>
      <PageHeader title={t('sections.workers')} lead={t('workers.lead')} />
      {workers.isError && <Failure error={workers.error} onRetry={() => void workers.refetch()} />}
      {workers.data?.length === 0 && <EmptyState title={t('workers.empty')} text={t('workers.emptyText')} />}
      {workers.data !== undefined && workers.data.length > 0 && (
        <Rows label={t('sections.workers')}>
          {workers.data.map((worker) => (
            <WorkerRow key={worker.id} worker={worker} />
          ))}
        </Rows>
      )}
    </>
  );
}
