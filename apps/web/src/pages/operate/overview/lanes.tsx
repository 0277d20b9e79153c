import type { WireOverview } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { ScrollTable } from '../../../usage/scroll-table.tsx';

/** What waits, by lane. */
export function Lanes({ overview }: { overview: WireOverview }) {
  const { t } = useTranslation('operate');
  const { number, minutes, duration } = useFormats();
  return (
    <section className={layout.section}>
      <h2>{t('overview.lanes')}</h2>
      <ScrollTable label={t('overview.lanes')}>
        <thead>
          <tr>
            <th scope="col">{t('overview.lane')}</th>
            <th scope="col" className={layout.amount}>
              {t('overview.laneJobs')}
            </th>
            <th scope="col" className={layout.amount}>
              {t('overview.laneAudio')}
            </th>
            <th scope="col" className={layout.amount}>
              {t('overview.laneOldest')}
            </th>
          </tr>
        </thead>
        <tbody>
          {(['interactive', 'batch'] as const).map((lane) => {
            const { jobs, audio_seconds: audio, oldest_waiting_seconds: oldest } = overview.lanes[lane];
            return (
              <tr key={lane}>
                <th scope="row">{t(`lanes.${lane}`)}</th>
                <td className={layout.amount}>{number(jobs)}</td>
                <td className={layout.amount}>{t('overview.minutes', { minutes: minutes(audio) })}</td>
                <td className={layout.amount}>{oldest === 0 ? '–' : duration(oldest)}</td>
              </tr>
            );
          })}
        </tbody>
      </ScrollTable>
    </section>
  );
}
