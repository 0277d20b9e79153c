import type { WireAdminJob } from '@sotto/client';
import { ERROR_CATALOG } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import layout from '../../../usage/layout.module.css';
import styles from './failures.module.css';

const LAST = 100;
const LOOK_AGAIN_MS = 30_000;

/** Why jobs fail, the most frequent cause first. */
export function Failures() {
  const { t } = useTranslation('operate');
  const { data } = useQuery({
    queryKey: ['operate', 'jobs', 'failures'],
    queryFn: ({ signal }) => client.admin.jobs({ status: 'failed', limit: LAST, signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  if (data === undefined) return null;
  const causes = countsOf(data.jobs);
  return (
    <section className={layout.section}>
      <h2>{t('overview.failures')}</h2>
      <p>{causes.length === 0 ? t('overview.noFailures') : t('overview.failuresHint', { count: data.jobs.length })}</p>
      {causes.length > 0 && (
        <ul className={styles.causes}>
          {causes.map(([code, count]) => (
            <li key={code}>
              <p>
                <code>{code}</code> {ERROR_CATALOG[code].message}
              </p>
              <meter min={0} max={data.jobs.length} value={count} aria-label={code} />
              <p className={styles.count}>{count}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function countsOf(jobs: readonly WireAdminJob[]) {
  const counts = new Map<NonNullable<WireAdminJob['error']>, number>();
  for (const { error = 'internal_error' } of jobs) counts.set(error, (counts.get(error) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
