import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Failure } from '../../../components/failure.tsx';
import { MoreButton } from '../../../components/more-button.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { Rows } from '../../../components/rows.tsx';
import layout from '../../../usage/layout.module.css';
import { KeyField } from '../parts/key-field.tsx';
import { WebhookRow } from './webhook-row.tsx';

const LOOK_AGAIN_MS = 5_000;

/** Deliveries of the webhooks of jobs. */
export function WebhooksPage() {
  const { t } = useTranslation('operate');
  const [keyId, setKeyId] = useState('');
  const query = useInfiniteQuery({
    queryKey: ['operate', 'webhooks', keyId],
    queryFn: ({ pageParam, signal }) =>
      client.admin.webhooks({
        ...(keyId !== '' && { ofKey: keyId }),
        ...(pageParam !== null && { cursor: pageParam }),
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const webhooks = query.data?.pages.flatMap((page) => page.webhooks) ?? [];
  return (
    <>
      <PageHeader title={t('sections.webhooks')} lead={t('webhooks.lead')} />
      <div className={layout.filters}>
        <KeyField value={keyId} onChange={setKeyId} />
      </div>
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && webhooks.length === 0 && !query.hasNextPage && (
        <EmptyState title={t('webhooks.empty')} text={t('webhooks.emptyText')} />
      )}
      {webhooks.length > 0 && (
        <Rows label={t('sections.webhooks')}>
          {webhooks.map((webhook) => (
            <WebhookRow key={webhook.job_id} webhook={webhook} />
          ))}
        </Rows>
      )}
      <MoreButton query={query} />
    </>
  );
}
