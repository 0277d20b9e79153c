import type { ChaosReport } from './chaos.ts';

/** A table in Markdown, then a line for everything that is wrong. */
export function reportOf(report: ChaosReport): string {
  const rows: [string, string | number][] = [
    ['seed', report.seed],
    ['jobs sent', report.jobs],
    ['took', `${Math.round(report.tookMs / 1000)} s`],
    ['accepted jobs', report.accepted],
    ['refusals, each tried again', report.refusals],
    ['completed, of them texts', `${report.completed}, ${report.spoken}`],
    ['cancelled', report.cancelled],
    ['done although cancelled, which Redis has lost', report.cancelledInVain],
    ['**lost**', report.lost.length],
    ['**results that differ**', report.different.length],
    ['webhooks called (called again)', `${report.webhooksCalled} (${report.webhooksRepeated})`],
    ['**webhooks missing**', report.webhooksMissing.length],
    ['**left behind**', report.leftovers.length],
    ...Object.entries(report.strikes),
  ];
  const table = ['| what | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)];
  return [...table, ...flawsOf(report)].join('\n');
}

export function flawsOf({ lost, different, webhooksMissing, leftovers }: ChaosReport): string[] {
  return [
    ...lost.map((line) => `lost: ${line}`),
    ...different.map((line) => `different: ${line}`),
    ...webhooksMissing.map((line) => `webhook missing: ${line}`),
    ...leftovers.map((line) => `left behind: ${line}`),
  ];
}
