import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { RouteButton } from '../../components/link-button.tsx';
import { Notice } from '../../components/notice.tsx';
import styles from './session-view.module.css';

const BUSY_MS = 2_000;

/** What the library has of a session. It is transcribed once more there, more carefully. */
export function KeptItems({ jobIds }: { jobIds: readonly string[] }) {
  return jobIds.map((id) => <KeptItem key={id} id={id} />);
}

function KeptItem({ id }: { id: string }) {
  const { t } = useTranslation(['translation', 'live']);
  const item = useQuery({
    queryKey: ['live', 'kept', id],
    queryFn: ({ signal }) => client.library.get(id, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'processing' || state.data === undefined ? BUSY_MS : false),
  });
  const { status = 'processing', title } = item.data ?? {};
  const kind = status === 'completed' || status === 'processing' ? 'info' : 'danger';
  return (
    <Notice kind={kind} title={t(`live:kept.${status}`)}>
      <p className={styles.kept}>
        {title}
        <RouteButton to={`/library/${id}`}>{t('live:openKept')}</RouteButton>
      </p>
    </Notice>
  );
}
