import type { WireOverview } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../components/notice.tsx';
import { useFormats } from '../../../usage/formats.ts';
import { useKeyNames } from '../parts/key-names.ts';

/** A key that has used so much of a limit is about to be refused. */
const CLOSE_RATIO = 0.8;

/** What an operator has to see to. */
export function Notices({ overview }: { overview: WireOverview }) {
  const { t } = useTranslation('operate');
  const formats = useFormats();
  const nameOf = useKeyNames();
  const away = overview.waiting_for.filter(({ jobs }) => jobs > 0);
  const close = overview.alerts.filter(({ used_ratio: ratio }) => ratio >= CLOSE_RATIO);
  return (
    <>
      {overview.workers_ready === 0 && (
        <Notice kind="danger" title={t('overview.noWorker')}>
          <p>{t('overview.noWorkerText')}</p>
        </Notice>
      )}
      {away.length > 0 && (
        <Notice kind="caution" title={t('overview.waiting')}>
          {away.map(({ cause, jobs }) => (
            <p key={cause}>
              {t('overview.waitingText', {
                count: jobs,
                cause: t([`overview.causes.${cause}` as 'overview.causes.disk', cause as 'overview.causes.disk']),
              })}
            </p>
          ))}
        </Notice>
      )}
      {close.length > 0 && (
        <Notice kind="caution" title={t('overview.alerts')}>
          {close.map(({ key_id: id, limit, used_ratio: ratio }) => (
            <p key={`${id} ${limit}`}>
              {t('overview.alert', {
                key: nameOf(id),
                percent: formats.percent(ratio),
                limit: t([`limits.${limit}` as 'limits.day', limit as 'limits.day']),
              })}
            </p>
          ))}
        </Notice>
      )}
    </>
  );
}
