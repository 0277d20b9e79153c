import { AUDIT_ACTIONS, type AuditAction, type AuditEntry } from '@sotto/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Failure } from '../../../components/failure.tsx';
import { SelectField } from '../../../components/field.tsx';
import { MoreButton } from '../../../components/more-button.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { ScrollTable } from '../../../usage/scroll-table.tsx';
import { Chip } from '../parts/chip.tsx';
import { KeyField } from '../parts/key-field.tsx';
import { useKeyNames } from '../parts/key-names.ts';

/** Who did what. */
export function AuditPage() {
  const { t } = useTranslation('operate');
  const [action, setAction] = useState<AuditAction | ''>('');
  const [keyId, setKeyId] = useState('');
  const filter = { ...(action !== '' && { action }), ...(keyId !== '' && { ofKey: keyId }) };
  const query = useInfiniteQuery({
    queryKey: ['operate', 'audit', filter],
    queryFn: ({ pageParam, signal }) =>
      client.admin.audit({ ...filter, ...(pageParam !== null && { cursor: pageParam }), signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  });
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <>
      <PageHeader title={t('sections.audit')} lead={t('audit.lead')} />
      <div className={layout.filters}>
        <SelectField
          label={t('audit.action')}
          value={action}
          onChange={({ target }) => setAction(AUDIT_ACTIONS.find((one) => one === target.value) ?? '')}
        >
          <option value="">{t('audit.allActions')}</option>
          {AUDIT_ACTIONS.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
        <KeyField value={keyId} onChange={setKeyId} />
      </div>
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && entries.length === 0 && !query.hasNextPage && (
        <EmptyState title={t('audit.empty')} text={t('audit.emptyText')} />
      )}
      {entries.length > 0 && <Entries entries={entries} />}
      <MoreButton query={query} />
    </>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useTranslation('operate');
  const { moment } = useFormats();
  const nameOf = useKeyNames();
  return (
    <ScrollTable label={t('sections.audit')}>
      <thead>
        <tr>
          <th scope="col">{t('audit.time')}</th>
          <th scope="col">{t('audit.action')}</th>
          <th scope="col">{t('audit.who')}</th>
          <th scope="col">{t('audit.target')}</th>
          <th scope="col">{t('audit.from')}</th>
          <th scope="col">{t('audit.result')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={`${entry.request_id} ${entry.time}`}>
            <th scope="row" className={layout.nowrap}>
              {moment(entry.time)}
            </th>
            <td className={layout.nowrap}>
              {entry.action}
              {entry.count !== undefined && ` (${t('audit.count', { count: entry.count })})`}
            </td>
            <td>{entry.key_id === null ? t('audit.nobody') : nameOf(entry.key_id)}</td>
            <td>{entry.target ?? `${entry.method} ${entry.path}`}</td>
            <td className={layout.nowrap}>{entry.address ?? '–'}</td>
            <td className={layout.nowrap}>
              {entry.error === null ? (entry.status ?? '–') : <Chip tone="danger">{entry.error}</Chip>}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
