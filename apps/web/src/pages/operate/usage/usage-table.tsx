import type { WireUsageDay } from '@sotto/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../usage/formats.ts';
import { HeadRow } from '../../../usage/head-row.tsx';
import layout from '../../../usage/layout.module.css';
import { ScrollTable } from '../../../usage/scroll-table.tsx';
import { type Amounts, sumOf, sumsByKey } from './measures.ts';

const AMOUNTS = ['requests', 'audio', 'characters', 'engine', 'cost'] as const;

interface UsageTableProps {
  rows: readonly WireUsageDay[];
  currency: string;
}

/** The figures of the chart, by key and by day. */
export function UsageTable({ rows, currency }: UsageTableProps) {
  const { t } = useTranslation('operate');
  const { day } = useFormats();
  if (rows.length === 0) {
    return (
      <section className={layout.section}>
        <p>{t('usage.empty')}</p>
      </section>
    );
  }
  const total = sumOf(rows);
  return (
    <>
      <Table title={t('usage.byKey')} columns={[t('key')]} total={total} currency={currency}>
        {sumsByKey(rows).map((sum) => (
          <tr key={sum.key_id}>
            <th scope="row">{sum.name ?? t('noKey')}</th>
            <Figures amounts={sum} currency={currency} />
          </tr>
        ))}
      </Table>
      <Table title={t('usage.byDay')} columns={[t('usage.day'), t('key')]} total={total} currency={currency}>
        {rows.toReversed().map((row) => (
          <tr key={`${row.day} ${row.key_id}`}>
            <th scope="row" className={layout.nowrap}>
              {day(row.day)}
            </th>
            <td>{row.name ?? t('noKey')}</td>
            <Figures amounts={row} currency={currency} />
          </tr>
        ))}
      </Table>
    </>
  );
}

interface TableProps {
  title: string;
  columns: readonly string[];
  total: Amounts;
  currency: string;
  children: ReactNode;
}

function Table({ title, columns, total, currency, children }: TableProps) {
  const { t } = useTranslation('operate');
  return (
    <section className={layout.section}>
      <h2>{title}</h2>
      <ScrollTable label={title}>
        <HeadRow columns={columns} amounts={AMOUNTS.map((amount) => t(`usage.${amount}`))} />
        <tbody>{children}</tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={columns.length}>
              {t('usage.total')}
            </th>
            <Figures amounts={total} currency={currency} />
          </tr>
        </tfoot>
      </ScrollTable>
    </section>
  );
}

function Figures({ amounts, currency }: { amounts: Amounts; currency: string }) {
  const { number, minutes, money } = useFormats();
  return (
    <>
      <td className={layout.amount}>{number(amounts.requests)}</td>
      <td className={layout.amount}>{minutes(amounts.audio_seconds)}</td>
      <td className={layout.amount}>{number(amounts.characters ?? 0)}</td>
      <td className={layout.amount}>{minutes(amounts.processing_seconds)}</td>
      <td className={layout.amount}>{money(amounts.cost, currency)}</td>
    </>
  );
}
