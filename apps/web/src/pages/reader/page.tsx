import type { WireItem } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import { itemQuery, startOf } from './first-lines.ts';
import { ItemHeader } from './item-header.tsx';
import { ItemReader } from './item-reader.tsx';

const BUSY_MS = 2_000;

/** One item of the library. */
export function ReaderPage() {
  const { t } = useTranslation();
  const { itemId = '' } = useParams();
  const [search] = useSearchParams();
  const item = useQuery({
    ...itemQuery(itemId),
    refetchInterval: ({ state }) => (state.data?.status === 'processing' ? BUSY_MS : false),
  });
  if (item.isError) return <Failure error={item.error} onRetry={() => void item.refetch()} />;
  if (item.data === undefined) return null;
  return (
    <>
      <ItemHeader item={item.data} />
      {item.data.status === 'completed' ? (
        <ItemReader key={itemId} item={item.data} startAt={startOf(search)} query={search.get('q') ?? ''} />
      ) : (
        <Unfinished item={item.data} />
      )}
      {item.data.status === 'processing' && <Link to="/transcribe">{t('reader.watch')}</Link>}
    </>
  );
}

function Unfinished({ item }: { item: WireItem }) {
  const { t } = useTranslation();
  const { status, detail } = item;
  if (status === 'processing') return <Notice kind="info" title={t('reader.processing')} />;
  return (
    <Notice kind="danger" title={t(`jobs.statuses.${status}`)}>
      {detail !== undefined && <p>{detail}</p>}
    </Notice>
  );
}
