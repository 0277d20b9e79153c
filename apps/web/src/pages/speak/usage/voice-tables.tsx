import type { WireVoiceAmounts, WireVoiceDay } from '@sotto/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../usage/formats.ts';
import { HeadRow } from '../../../usage/head-row.tsx';
import layout from '../../../usage/layout.module.css';
import { ScrollTable } from '../../../usage/scroll-table.tsx';

interface RowsProps<T> {
  rows: readonly T[];
  nameOf: (voice: string) => string;
}

export function ByVoice({ rows, nameOf }: RowsProps<WireVoiceAmounts>) {
  const { t } = useTranslation('speak');
  return (
    <Table label={t('usage.byVoice')} columns={[t('voice')]}>
      {rows.map((row) => (
        <tr key={row.voice}>
          <th scope="row">{nameOf(row.voice)}</th>
          <Figures amounts={row} />
        </tr>
      ))}
    </Table>
  );
}

/** Newest first. */
export function ByDay({ rows, nameOf }: RowsProps<WireVoiceDay>) {
  const { t } = useTranslation('speak');
  const { day } = useFormats();
  return (
    <Table label={t('usage.byDay')} columns={[t('usage.day'), t('voice')]}>
      {rows.toReversed().map((row) => (
        <tr key={`${row.day} ${row.voice}`}>
          <th scope="row" className={layout.nowrap}>
            {day(row.day)}
          </th>
          <td>{nameOf(row.voice)}</td>
          <Figures amounts={row} />
        </tr>
      ))}
    </Table>
  );
}

function Table({ label, columns, children }: { label: string; columns: readonly string[]; children: ReactNode }) {
  const { t } = useTranslation('speak');
  return (
    <ScrollTable label={label}>
      <HeadRow columns={columns} amounts={[t('usage.jobs'), t('usage.characters'), t('usage.speech')]} />
      <tbody>{children}</tbody>
    </ScrollTable>
  );
}

function Figures({ amounts: { jobs, characters, seconds } }: { amounts: WireVoiceAmounts }) {
  const { number, duration } = useFormats();
  return (
    <>
      <td className={layout.amount}>{number(jobs)}</td>
      <td className={layout.amount}>{number(characters)}</td>
      <td className={layout.amount}>{duration(seconds)}</td>
    </>
  );
}
