import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Failure } from '../../../components/failure.tsx';
import { SelectField } from '../../../components/field.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { DayChart } from '../../../usage/day-chart.tsx';
import { lastDays, sumsByDay } from '../../../usage/days.ts';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { type Range, RangeField, USUAL_RANGE } from '../../../usage/range-field.tsx';
import { KeyField } from '../parts/key-field.tsx';
import { amountOf, MEASURES, type Measure } from './measures.ts';
import { Quotas } from './quotas.tsx';
import { UsageTable } from './usage-table.tsx';

/** Who used how much, and what it cost. */
export function UsagePage() {
  const { t } = useTranslation('operate');
  const { day, number } = useFormats();
  const [range, setRange] = useState<Range>(USUAL_RANGE);
  const [measure, setMeasure] = useState<Measure>('minutes');
  const [keyId, setKeyId] = useState('');
  const from = lastDays(range)[0] ?? '';
  const usage = useQuery({
    queryKey: ['operate', 'usage', from],
    queryFn: ({ signal }) => client.admin.usage({ from, signal }),
  });
  const rows = useMemo(
    () => (usage.data?.days ?? []).filter((row) => keyId === '' || row.key_id === keyId),
    [usage.data, keyId],
  );
  const days = useMemo(() => sumsByDay(lastDays(range), rows, (row) => amountOf(row, measure)), [rows, range, measure]);
  const chartLabel = t('usage.chart', { measure: t(`usage.measures.${measure}`) });
  return (
    <>
      <PageHeader title={t('sections.usage')} lead={t('usage.lead')}>
        <a href={`/admin/usage?format=csv&from=${from}`}>{t('usage.csv')}</a>
      </PageHeader>
      <div className={layout.filters}>
        <RangeField value={range} onChange={setRange} />
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
