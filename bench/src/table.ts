import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** One measurement's outcome: a heading, what was done, and rows of a Markdown table. */
export interface Report {
  title: string;
  method: string;
  columns: string[];
  rows: string[][];
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
export const ratio = (value: number): string => `${value.toFixed(2)}x`;

export function render({ title, method, columns, rows }: Report): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [`## ${title}`, '', method, '', line(columns), line(columns.map(() => '---')), ...rows.map(line), ''].join(
    '\n',
  );
}

/** What the figures were taken on, and how busy it was. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(2) ?? '?';
  return `${availableParallelism()} cores of ${cpu?.model ?? 'an unknown CPU'}, ${memory} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}; load average at the start ${load}.`;
}
