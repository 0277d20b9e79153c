import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Failure } from '../../../components/failure.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { Row, Rows } from '../../../components/rows.tsx';
import { Chip } from '../parts/chip.tsx';
import { useFormats } from '../parts/formats.ts';
import layout from '../parts/layout.module.css';

/** Of keys that have one: how much is used, and who was warned. */
export function Quotas() {
  const { t } = useTranslation('operate');
  const { number, moment } = useFormats();
  const quotas = useQuery({
    queryKey: ['operate', 'quotas'],
    queryFn: ({ signal }) => client.admin.quotas({ signal }),
  });
  return (
    <section className={layout.section}>
      <h2>{t('usage.quotas')}</h2>
      {quotas.isError && <Failure error={quotas.error} onRetry={() => void quotas.refetch()} />}
      {quotas.data?.length === 0 && <p>{t('usage.noQuotas')}</p>}
      {quotas.data !== undefined && quotas.data.length > 0 && (
        <Rows>
          {quotas.data.map((quota) => {
            const used = quota.used_minutes + quota.held_minutes;
            const name = t(`usage.quota.${quota.quota}`, { name: quota.name });
            const facts = [
              t('usage.used', { used: number(used, 1), limit: number(quota.limit_minutes, 1) }),
              t('usage.resets', { date: moment(quota.resets_at) }),
            ];
            return (
              <Row
                key={`${quota.key_id} ${quota.quota}`}
                name={
                  <>
                    {name}
                    {quota.reached_at !== null && <Chip tone="danger">{t('usage.reached')}</Chip>}
                    {quota.reached_at === null && quota.warned_at !== null && (
                      <Chip tone="caution">{t('usage.warned')}</Chip>
                    )}
                  </>
                }
                facts={facts.join(' · ')}
              >
                <ProgressBar label={name} percent={Math.min(100, (100 * used) / quota.limit_minutes)} />
              </Row>
            );
          })}
        </Rows>
      )}
    </section>
  );
}
