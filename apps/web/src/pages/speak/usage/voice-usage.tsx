import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Failure } from '../../../components/failure.tsx';
import { SelectField } from '../../../components/field.tsx';
import { DayChart } from '../../../usage/day-chart.tsx';
import { lastDays, sumsByDay } from '../../../usage/days.ts';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { type Range, RangeField, USUAL_RANGE } from '../../../usage/range-field.tsx';
import { useVoiceNames } from './use-voice-names.ts';
import { ByDay, ByVoice } from './voice-tables.tsx';

/** What voices have spoken, by day. Nothing is shown to whoever has had nothing spoken. */
export function VoiceUsage() {
  const { t } = useTranslation('speak');
  const { day, number } = useFormats();
  const [range, setRange] = useState<Range>(USUAL_RANGE);
  const [voice, setVoice] = useState('');
  const nameOf = useVoiceNames();
  const from = lastDays(range)[0] ?? '';
  const usage = useQuery({
    queryKey: ['voice-usage', from],
    queryFn: ({ signal }) => client.speech.usage({ from }, { signal }),
  });
  const voices = usage.data?.voices ?? [];
  // A voice that the days of another range do not have.
  const shown = voices.some((one) => one.voice === voice) ? voice : '';
  const rows = useMemo(
    () => (usage.data?.days ?? []).filter((row) => shown === '' || row.voice === shown),
    [usage.data, shown],
  );
  const days = useMemo(() => sumsByDay(lastDays(range), rows, ({ characters }) => characters), [rows, range]);
  if (usage.isError) return <Failure error={usage.error} onRetry={() => void usage.refetch()} />;
  if (voices.length === 0 && range === USUAL_RANGE) return null;
  return (
    <section className={layout.section} aria-label={t('usage.title')}>
      <h2>{t('usage.title')}</h2>
      <div className={layout.filters}>
        <RangeField value={range} onChange={setRange} />
        <SelectField label={t('voice')} value={shown} onChange={({ target }) => setVoice(target.value)}>
          <option value="">{t('usage.allVoices')}</option>
          {voices.map((one) => (
            <option key={one.voice} value={one.voice}>
              {nameOf(one.voice)}
            </option>
          ))}
        </SelectField>
      </div>
      <p>{t('usage.chart')}</p>
      <DayChart label={`${t('usage.chart')} ${t('usage.chartText')}`} days={days} dayText={day} valueText={number} />
      <ByVoice rows={voices.filter((one) => shown === '' || one.voice === shown)} nameOf={nameOf} />
      <details>
        <summary>{t('usage.byDay')}</summary>
        <ByDay rows={rows} nameOf={nameOf} />
      </details>
    </section>
  );
}
