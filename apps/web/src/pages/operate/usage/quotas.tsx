import type { WireQuota } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Failure } from '../../../components/failure.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { Row, Rows } from '../../../components/rows.tsx';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { Chip } from '../parts/chip.tsx';

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
            const { used, limit, isText } = amountsOf(quota);
            const name = t(`usage.quota.${quota.quota}`, { name: quota.name });
            const facts = [
              isText
                ? t('usage.usedCharacters', { used: number(used), limit: number(limit) })
                : t('usage.used', { used: number(used, 1), limit: number(limit, 1) }),
              t('usage.resets', { date: moment(quota.resets_at) }),
            ];
            return (
              <Row
                key={`${quota.key_id} ${quota.quota} ${isText}`}
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
                <ProgressBar label={name} percent={Math.min(100, (100 * used) / limit)} />
              </Row>
            );
          })}
        </Rows>
      )}
    </section>
  );
}

/** A quota is of audio, in minutes, or of text, in characters. What is held is used already. */
function amountsOf(quota: WireQuota): { used: number; limit: number; isText: boolean } {
  const { limit_characters: characters } = quota;
  if (characters === undefined) {
    const used = (quota.used_minutes ?? 0) + (quota.held_minutes ?? 0);
    return { used, limit: quota.limit_minutes ?? 0, isText: false };
  }
  const used = (quota.used_characters ?? 0) + (quota.held_characters ?? 0);
  return { used, limit: characters, isText: true };
}
