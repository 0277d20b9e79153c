import { send } from './replies.ts';

export interface Scrape {
  /** Name -> type and help, of metrics without a value too. */
  metrics: Map<string, { type: string; help: string }>;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

/** What Prometheus would read at `url`/metrics. */
export async function scrape(url: string, headers: Record<string, string> = {}): Promise<Scrape> {
  const { text } = await send(`${url}/metrics`, { headers });
  const metrics: Scrape['metrics'] = new Map();
  const samples: Scrape['samples'] = [];
  for (const line of text.split('\n')) {
    const [, name = '', help = ''] = /^# HELP (\S+) (.*)$/.exec(line) ?? [];
    if (name !== '') metrics.set(name, { type: '', help });
    const [, typed = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    const known = metrics.get(typed);
    if (known !== undefined) known.type = type;
    const [, sample, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (sample !== undefined) samples.push({ name: sample, labels: labelsOf(labels), value: Number(value) });
  }
  return { metrics, samples };
}

const labelsOf = (text: string) =>
  Object.fromEntries([...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]));

/** The sum of all samples of that name with these labels; undefined: there are none. */
export function sampleOf({ samples }: Scrape, name: string, labels: Record<string, string> = {}): number | undefined {
  const found = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}
