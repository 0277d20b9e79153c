import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, freePort, type Resource, runCommand, waitFor } from '@sotto/testkit';
import { z } from 'zod';
import { send } from './replies.ts';

/** Debian calls it prometheus-alertmanager. */
const ALERTMANAGERS = ['prometheus-alertmanager', 'alertmanager'];

export interface MonitoringTools {
  alertmanager: string;
}

/** Prometheus with promtool, and Alertmanager with amtool. */
export async function monitoringTools(): Promise<Resource<MonitoringTools>> {
  const has = async (name: string) => (await runCommand('/bin/sh', ['-c', `command -v ${name}`])).code === 0;
  for (const name of ['prometheus', 'promtool', 'amtool']) {
    if (!(await has(name))) return { skipped: `${name} is not installed` };
  }
  for (const alertmanager of ALERTMANAGERS) if (await has(alertmanager)) return { value: { alertmanager } };
  return { skipped: 'Alertmanager is not installed' };
}

const answerSchema = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});
const alertsSchema = z.object({
  data: z.object({ alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.string() })) }),
});

/** A Prometheus of the test's own. It looks four times a second, so that minutes of a rule become seconds. */
export class Prometheus {
  readonly url: string;
  readonly #process: Child;
  readonly #targets: string;

  private constructor(process: Child, url: string, targets: string) {
    this.#process = process;
    this.url = url;
    this.#targets = targets;
  }

  static async start(folder: string, rules: string, alertmanagerPort: number): Promise<Prometheus> {
    const [port, targets] = [await freePort(), join(folder, 'targets.json')];
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(targets, '[]');
    await writeFile(join(folder, 'rules.yml'), rules);
    const config = {
      global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
      rule_files: ['rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }] },
      scrape_configs: [{ job_name: 'sotto', file_sd_configs: [{ files: ['targets.json'], refresh_interval: '1s' }] }],
    };
    // JSON is YAML.
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // It knows its Alertmanager a few seconds after its start.
      '--rules.alert.resend-delay=1s',
    ];
    const process = await Child.start({ name: 'prometheus', command: 'prometheus', args, cwd: folder });
    const url = `http://127.0.0.1:${port}`;
    await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, {
      what: 'Prometheus to be ready',
      timeoutMs: 30_000,
    });
    return new Prometheus(process, url, targets);
  }

  /** What it scrapes from now on: job -> addresses. */
  async scrape(jobs: Record<string, string[]>): Promise<void> {
    const groups = Object.entries(jobs).map(([job, urls]) => ({
      targets: urls.map((url) => new URL(url).host),
      labels: { job },
    }));
    // Prometheus reads it as soon as it changes, and must not find half of it.
    await writeFile(`${this.#targets}.new`, JSON.stringify(groups));
    await rename(`${this.#targets}.new`, this.#targets);
  }

  /** @throws what is wrong with the expression */
  async query(expression: string): Promise<z.infer<typeof answerSchema>['data']['result']> {
    const { text } = await send(`${this.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { status, error, data } = answerSchema.partial({ data: true }).parse(JSON.parse(text));
    if (status !== 'success' || data === undefined) throw new Error(`${expression}: ${error}`);
    return data.result;
  }

  /** Names of the alerts that fire. */
  async firing(): Promise<string[]> {
    const { alerts } = alertsSchema.parse(JSON.parse((await send(`${this.url}/api/v1/alerts`)).text)).data;
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname ?? '');
  }

  /** Resolves when all of them fire. */
  async fires(...names: string[]): Promise<void> {
    await waitFor(() => this.#allFire(names), {
      what: `${names.join(', ')} to fire`,
      timeoutMs: 30_000,
    });
  }

  async #allFire(names: readonly string[]): Promise<boolean> {
    const firing = await this.firing();
    return names.every((name) => firing.includes(name));
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
