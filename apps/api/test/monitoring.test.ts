import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  Child,
  describeWith,
  freePort,
  mustRun,
  REPOSITORY,
  Receiver,
  runCommand,
  type Service,
  startService,
  temporaryFolder,
  waitFor,
} from '@sotto/testkit';
import { z } from 'zod';
import { accepted } from './support/jobs.ts';
import { wav } from './support/media.ts';
import { monitoringTools, Prometheus } from './support/prometheus.ts';
import { startUnready } from './support/unready.ts';

jest.setTimeout(120_000);

const made: string[] = [];

async function ownFolder(purpose: string): Promise<string> {
  const folder = await temporaryFolder(purpose);
  made.push(folder);
  return folder;
}

afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

const FOLDER = join(REPOSITORY, 'k8s/monitoring');
const rules = await readFile(join(FOLDER, 'prometheus/sotto.rules.yml'), 'utf8');
const alertNames = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => String(name));
const alertExpressions = [...rules.matchAll(/- alert: \w+\n\s+expr: (.*)/g)].map(([, expression]) =>
  String(expression),
);

const dashboardSchema = z.object({
  uid: z.string(),
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

async function dashboards() {
  const folder = join(FOLDER, 'grafana/dashboards');
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => dashboardSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
}

const expressionsOf = (all: Awaited<ReturnType<typeof dashboards>>) =>
  all.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));

describe('alerts and dashboards', () => {
  it('use metrics that are exported, and figures that rules make', async () => {
    const page = await readFile(join(REPOSITORY, 'docs/metrics.md'), 'utf8');
    const documented = new Set([...page.matchAll(/^\| `(sotto_\w+)` \|/gm)].map(([, name]) => name));
    const recorded = new Set([...rules.matchAll(/- record: (\S+)/g)].map(([, name]) => name));
    for (const text of [rules, ...expressionsOf(await dashboards())]) {
      for (const [name] of text.matchAll(/\bsotto_[a-z0-9_]+/g)) {
        const base = name.replace(/_(bucket|sum|count)$/, '');
        expect([name, documented.has(name) || documented.has(base)]).toEqual([name, true]);
      }
      for (const [name] of text.matchAll(/\bsotto:[a-z0-9_:]+/g))
        expect([name, recorded.has(name)]).toEqual([name, true]);
    }
  });

  it('have a paragraph each in docs/OPERATIONS.md, to which their runbook_url leads', async () => {
    const page = await readFile(join(REPOSITORY, 'docs/OPERATIONS.md'), 'utf8');
    const [, section = ''] = /^## Alerts\n(.*)/ms.exec(page) ?? [];
    expect([...section.matchAll(/^### (\w+)\n\n\*(?:Critical|Warning)\.\* .{80}/gm)].map(([, name]) => name)).toEqual(
      alertNames,
    );
    const urls = [...rules.matchAll(/runbook_url: (\S+)/g)].map(([, url]) => url);
    expect(urls).toEqual(alertNames.map((name) => `docs/OPERATIONS.md#${name.toLowerCase()}`));
  });
});

/** Minutes become half seconds, an hour ten seconds, and a thousand recordings a hundred. */
const hurried = rules
  .replace(/for: \d+[mh]/g, 'for: 0s')
  .replace(/\[(5|10|15)m\]/g, '[5s]')
  .replace(/\[1h\]/g, '[10s]')
  .replace(/\[1d\]/g, '[30s]')
  .replace('> 1000', '> 100');

describeWith(await monitoringTools(), 'Prometheus and Alertmanager', ({ alertmanager }) => {
  const prometheusFolder = join(FOLDER, 'prometheus');

  it('find nothing wrong with rules and configuration, and the rules pass their tests', async () => {
    await mustRun('promtool', ['check', 'rules', 'sotto.rules.yml'], { cwd: prometheusFolder });
    await mustRun('promtool', ['test', 'rules', 'sotto.test.yml'], { cwd: prometheusFolder });
    await mustRun('promtool', ['check', 'config', '--syntax-only', 'prometheus.yml'], { cwd: prometheusFolder });
  });

  it('Alertmanager takes what start.sh makes of any channels', async () => {
    const channels = { slack: 'http://127.0.0.1:9/', discord: 'http://127.0.0.1:9/', webhook: 'http://127.0.0.1:9/' };
    const email = { email: '127.0.0.1:25 from@example.org to@example.org me', 'email-password': 'pass-word' };
    for (const secrets of [{}, { slack: channels.slack }, { ...channels, ...email }]) {
      const config = await alertmanagerConfig(await folderWith(secrets));
      const { stderr, code } = await runCommand('amtool', ['check-config', config]);
      expect([stderr, code]).toEqual(['', 0]);
      const text = await readFile(config, 'utf8');
      for (const kind of ['slack', 'discord', 'webhook', 'email'])
        expect([kind, text.includes(`${kind}_configs`)]).toEqual([kind, Object.hasOwn(secrets, kind)]);
      expect(text).not.toContain('pass-word');
    }
  });

  describe('with a service under load', () => {
    let service: Service;
    let prometheus: Prometheus;
    let notified: Receiver;
    let alerts: Child;
    const scrape = () => prometheus.scrape(targets());
    const targets = (storage: string[] = []) => ({
      'sotto-api': [...service.apis.map(({ url }) => url), ...storage],
      'sotto-worker': service.workers.map(({ url }) => url),
    });

    beforeAll(async () => {
      [service, notified] = await Promise.all([startService({ workers: 0 }), Receiver.open()]);
      const port = await freePort();
      const folder = await ownFolder('monitoring');
      alerts = await startAlertmanager(alertmanager, folder, port, notified.url);
      prometheus = await Prometheus.start(folder, hurried, port);
      await scrape();
    });
    afterAll(async () => {
      await prometheus?.stop();
      await alerts?.stop();
      await notified?.close();
      await service?.close({ leftovers: true });
    });

    const JOBS = 200;

    it('every alert and every panel can be evaluated, and the first faults are told: no workers, a long queue', async () => {
      let sent = 0;
      const send = async () => {
        while (sent < JOBS) await accepted(service.url, wav(200, 300 + sent++));
      };
      await Promise.all(Array.from({ length: 10 }, send));
      await waitFor(async () => (await prometheus.query(`sotto_runs_processing == ${JOBS}`)).length > 0, {
        what: 'all of them to be seen',
        timeoutMs: 30_000,
      });
      await prometheus.fires('SottoNoWorkers', 'SottoQueueLong');
      for (const expression of [...alertExpressions, ...expressionsOf(await dashboards())])
        await expect(prometheus.query(expression)).resolves.toBeInstanceOf(Array);
    });

    it('a worker that dies at work is told, and those that were told before have ended', async () => {
      const [first, client] = [await service.addWorker(), service.redis.client()];
      const active = `${service.prefix}:transcriptions:active`;
      await waitFor(async () => (await client.llen(active)) > 0, { what: 'a job to be active', intervalMs: 2 });
      await first.process.kill9();
      service.workers.splice(0);
      expect(await client.llen(active)).toBeGreaterThan(0);
      await service.addWorker();
      await scrape();
      await prometheus.fires('SottoJobsStalled');
      await waitFor(async () => !(await prometheus.firing()).some((name) => /NoWorkers|QueueLong/.test(name)), {
        what: 'the queue to be short again',
        timeoutMs: 60_000,
      });
    });

    it('a Redis that fills is told, and one that does not answer, with the errors that follow', async () => {
      const client = service.redis.client();
      const used = Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
      await client.config('SET', 'maxmemory', Math.round(used / 0.78));
      await prometheus.fires('SottoRedisMemory');
      await client.config('SET', 'maxmemory', 0);
      service.redis.freeze();
      const failing = setInterval(() => void fetch(`${service.url}/jobs`).catch(() => {}), 100);
      await prometheus
        .fires('SottoServerErrors', 'SottoErrorRate', 'SottoQueueUnreachable')
        .finally(() => clearInterval(failing));
      service.redis.thaw();
    });

    it('a disk that fills is told', async () => {
      const disk = await smallDisk();
      if (disk === null) return;
      const api = await startUnready(service, { TEMP_DIR: join(disk.folder, 'blobs') });
      try {
        await prometheus.scrape(targets([api.url]));
        await waitFor(async () => (await prometheus.query('sotto_storage_bytes < 1e8')).length > 0, {
          what: 'the disk to be seen',
        });
        expect(await prometheus.firing()).not.toContain('SottoDiskCritical');
        const file = await open(join(disk.folder, 'full'), 'w');
        await file.write(Buffer.alloc(62 * 1024 * 1024));
        await file.close();
        await prometheus.fires('SottoDiskLow', 'SottoDiskCritical');
      } finally {
        await api.process.stop();
        await disk.remove();
        await scrape();
      }
    });

    it('a service that is down is told, and its owners hear of it by each channel', async () => {
      const before = notified.calls.length;
      await Promise.all(service.apis.map(({ process }) => process.kill9()));
      await prometheus.fires('SottoDown');
      const heard = () =>
        notified.calls
          .slice(before)
          .filter(({ body }) => body.includes('SottoDown'))
          .map(({ headers }) => headers);
      await waitFor(() => heard().length >= 3, {
        what: 'Slack, Discord and the webhook to be called',
        timeoutMs: 30_000,
      });
      expect(notified.calls.some(({ body }) => body.includes('docs/OPERATIONS.md#sottodown'))).toBe(true);
    });
  });
});

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await ownFolder('secrets');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), `${text}\n`);
  return folder;
}

/** What start.sh writes; it starts a program that does nothing. */
async function alertmanagerConfig(secrets: string): Promise<string> {
  const config = join(secrets, 'alertmanager.yml');
  const env = { PATH: process.env.PATH, SECRETS: secrets, CONFIG: config, ALERTMANAGER: 'true' };
  await mustRun('/bin/sh', [join(FOLDER, 'alertmanager/start.sh')], { env });
  return config;
}

/** As start.sh configures it for Slack, Discord and a webhook, but for how long it gathers alerts. */
async function startAlertmanager(command: string, folder: string, port: number, url: string): Promise<Child> {
  const config = await alertmanagerConfig(await folderWith({ slack: url, discord: url, webhook: url }));
  const hasty = (await readFile(config, 'utf8')).replace(/group_(wait|interval): \d+[sm]/g, 'group_$1: 1s');
  await writeFile(config, hasty);
  const args = [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'alerts')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  const child = await Child.start({ name: 'alertmanager', command, args, cwd: folder });
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok;
  await waitFor(isReady, { what: 'Alertmanager to be ready', timeoutMs: 30_000 });
  return child;
}

/** 64 MiB of memory as a disk; null where we may not mount one. */
async function smallDisk(): Promise<{ folder: string; remove(): Promise<void> } | null> {
  const folder = await ownFolder('disk');
  const { code } = await runCommand('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder]);
  if (code !== 0) return null;
  return { folder, remove: async () => void (await mustRun('umount', [folder])) };
}
