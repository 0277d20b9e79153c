import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { DayChart } from '../../../usage/day-chart.tsx';
import { lastDays, sumsByDay } from '../../../usage/days.ts';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';

const DAYS = 14;
const LOOK_AGAIN_MS = 60_000;

/** How much was done in the last two weeks; the page of usage has the figures. */
export function RecentDays() {
  const { t } = useTranslation('operate');
  const { day, number } = useFormats();
  const usage = useQuery({
    queryKey: ['operate', 'usage', DAYS],
    queryFn: ({ signal }) => client.admin.usage({ from: lastDays(DAYS)[0] ?? '', signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const days = useMemo(
    () => sumsByDay(lastDays(DAYS), usage.data?.days ?? [], ({ audio_seconds: seconds }) => seconds / 60),
    [usage.data],
  );
  return (
    <section className={layout.section}>
      <h2>{t('overview.days')}</h2>
      <p>{t('overview.daysHint')}</p>
      <DayChart label={t('overview.daysHint')} days={days} dayText={day} valueText={number} />
    </section>
  );
}
