import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Failure } from '../../../components/failure.tsx';
import { SelectField } from '../../../components/field.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { DayChart } from '../parts/day-chart.tsx';
import { lastDays, sumsByDay } from '../parts/days.ts';
import { useFormats } from '../parts/formats.ts';
import { KeyField } from '../parts/key-field.tsx';
import layout from '../parts/layout.module.css';
import { amountOf, MEASURES, type Measure } from './measures.ts';
import { Quotas } from './quotas.tsx';
import { UsageTable } from './usage-table.tsx';

const RANGES = ['7', '30', '90', '365'] as const;

/** Who used how much, and what it cost. */
export function UsagePage() {
  const { t } = useTranslation('operate');
  const { day, number } = useFormats();
  const [range, setRange] = useState<(typeof RANGES)[number]>('30');
  const [measure, setMeasure] = useState<Measure>('minutes');
  const [keyId, setKeyId] = useState('');
  const from = lastDays(Number(range))[0] ?? '';
  const usage = useQuery({
    queryKey: ['operate', 'usage', from],
    queryFn: ({ signal }) => client.admin.usage({ from, signal }),
  });
  const rows = useMemo(
    () => (usage.data?.days ?? []).filter((row) => keyId === '' || row.key_id === keyId),
    [usage.data, keyId],
  );
  const days = useMemo(
    () => sumsByDay(lastDays(Number(range)), rows, (row) => amountOf(row, measure)),
    [rows, range, measure],
  );
  const chartLabel = t('usage.chart', { measure: t(`usage.measures.${measure}`) });
  return (
    <>
      <PageHeader title={t('sections.usage')} lead={t('usage.lead')}>
        <a href={`/admin/usage?format=csv&from=${from}`}>{t('usage.csv')}</a>
      </PageHeader>
      <div className={layout.filters}>
        <SelectField
          label={t('usage.range')}
          value={range}
          onChange={({ target }) => setRange(RANGES.find((one) => one === target.value) ?? '30')}
        >
          {RANGES.map((one) => (
            <option key={one} value={one}>
              {t(`usage.ranges.${one}`)}
            </option>
          ))}
        </SelectField>
        <KeyField value={keyId} onChange={setKeyId} />
        <SelectField
          label={t('usage.measure')}
          value={measure}
          onChange={({ target }) => setMeasure(MEASURES.find((one) => one === target.value) ?? 'minutes')}
        >
          {MEASURES.map((one) => (
            <option key={one} value={one}>
              {t(`usage.measures.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      {usage.isError && <Failure error={usage.error} onRetry={() => void usage.refetch()} />}
      <DayChart label={`${chartLabel}. ${t('usage.chartText')}`} days={days} dayText={day} valueText={number} />
      {usage.data !== undefined && <UsageTable rows={rows} currency={usage.data.currency} />}
      <Quotas />
    </>
  );
}
