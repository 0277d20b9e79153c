/** @busy It keeps every core busy with the workers of two builds, and builds the earlier one where it is not cached. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  type ApiProcess,
  describeWith,
  previousBuild,
  Receiver,
  type Service,
  startService,
  type WorkerProcess,
  waitFor,
} from '@sotto/testkit';
import { Webhook } from 'standardwebhooks';
import { Client } from './versions/client.ts';
import { Clients, type SentJob } from './versions/clients.ts';
import { FROZEN_FOLDER } from './versions/frozen.ts';
import { isUnderstood, Recordings } from './versions/recordings.ts';

jest.setTimeout(180_000);

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const ENV = { WEBHOOK_SECRET: SECRET, ALLOWED_NETWORKS: '127.0.0.1', LOG_LEVEL: 'DEBUG' };
/** So few windows at once that a recording's are shared by all workers. */
const WORKER_ENV = { WHISPER_BATCH: '2' };
const ROLES = ['prepare', 'transcribe'];
const JOBS = 40;

const earlier = await previousBuild();

describeWith(earlier, 'a fleet of this build and the one before', (before) => {
  let service: Service;
  let receiver: Receiver;
  let recordings: Recordings;
  /** Of both ways, in the order in which they were sent. */
  const sent: SentJob[] = [];

  beforeAll(async () => {
    recordings = await Recordings.read(FROZEN_FOLDER);
    receiver = await Receiver.open();
    service = await startService({ build: before, env: ENV, workerEnv: WORKER_ENV, workers: 2 });
  });

  afterAll(async () => {
    // The build before leaves manifests alone: the next API of this one removes what has ended meanwhile.
    try {
      await service?.addApi({}, null);
      await service?.close({ timeoutMs: 60_000 });
    } finally {
      await receiver?.close();
    }
  });

  /** By build; `null` is this one. */
  const upgrade = { from: before, to: null, leave: ({ process }: WorkerProcess) => process.stop() };
  // Whoever goes back may be in a hurry.
  const rollBack = { from: null, to: before, leave: ({ process }: WorkerProcess) => process.kill9() };

  /** From one build to the other, a process at a time, under load: 40 jobs, sent before, meanwhile and after. */
  async function roll({ from, to, leave }: typeof upgrade | typeof rollBack): Promise<Clients> {
    const clients = new Clients(receiver.url);
    const api = running(service.apis);
    const [first, second] = service.workers.filter(isRunning);
    if (first === undefined || second === undefined) throw new Error('There are not two workers.');

    await sendSome(clients, [api.url]);
    const firstOther = await service.addWorker({}, ROLES, to);
    const otherApi = await service.addApi({}, to);
    await leave(first);
    await sendSome(clients, [api.url, otherApi.url]);
    await clients.submit(otherApi.url, recordings.get('talk-5'));
    await waitFor(() => runsShared([second], [firstOther]).length > 0, {
      what: `a recording of which both builds made windows, ${from === null ? 'on the way back' : 'on the way up'}`,
      timeoutMs: 60_000,
    });
    await sameThroughBoth(clients.jobs, api, otherApi);
    const secondOther = await service.addWorker({}, ROLES, to);
    await second.process.stop();
    const stopping = api.process.stop();
    await sendSome(clients, [otherApi.url]);
    await Promise.all([stopping, clients.answered()]);
    expect(clients.jobs).toHaveLength(JOBS);
    expect([firstOther, secondOther].every(isRunning)).toBe(true);
    return clients;
  }

  /** A third of the load, but for one: clients of every kind, each at an API that is up. */
  async function sendSome(clients: Clients, urls: readonly string[]): Promise<void> {
    const { clips, talks } = recordings;
    const urlOf = (index: number): string => urls[index % urls.length] ?? '';
    for (const [i, clip] of clips.slice(0, 4).entries()) clients.wait(urlOf(i), clip);
    for (const [i, talk] of talks.slice(0, 2).entries()) await clients.submit(urlOf(i), talk);
    for (const [i, clip] of clips.slice(4, 7).entries()) await clients.submitWithWebhook(urlOf(i), clip);
    await clients.submitBatch(urlOf(clients.batches.length), [...clips.slice(5, 8), ...talks.slice(2, 3)]);
  }

  /** What has ended by now is told alike by an API of each build, but for what only this one tells. */
  async function sameThroughBoth(jobs: readonly SentJob[], ...apis: ApiProcess[]): Promise<void> {
    let ended = 0;
    for (const { id } of jobs) {
      const [one, other] = await Promise.all(apis.map(({ url }) => new Client(url).json(200, `/jobs/${id}`)));
      if (one?.status !== 'completed' || other?.status !== 'completed') continue;
      const told = [one, other].map(({ kind, ...known }) => [known, kind ?? 'transcription']);
      expect(told[1]).toEqual(told[0]);
      ended += 1;
    }
    expect(ended).toBeGreaterThan(0);
  }

  /** Every job that was ever sent is done, and its words can be read from the API that is up now. */
  async function allDone(clients: Clients): Promise<void> {
    const client = new Client(running(service.apis).url);
    sent.push(...clients.jobs);
    for (const { id, what, text } of sent) {
      const { status, error, result } = await client.ended(id, 90_000);
      const heard = (result as { text?: string } | undefined)?.text ?? '';
      expect({ what, status, error, heard, isUnderstood: isUnderstood(text, heard) }).toEqual({
        what,
        status: 'completed',
        error: undefined,
        heard,
        isUnderstood: true,
      });
    }
    for (const id of clients.batches) {
      const batch = await client.json(200, `/batches/${id}`);
      expect(batch).toMatchObject({ status: 'completed', counts: { total: 4, completed: 4 } });
    }
    const { jobs } = await client.json(200, '/jobs?limit=100');
    expect(jobs).toHaveLength(sent.length);
    await allTold(clients);
  }

  /** A worker that is killed may have told and not said so: then another tells again, and the receiver sees it by the id. */
  async function allTold({ jobs, batches }: Clients): Promise<void> {
    const ids = [...jobs.filter(({ webhook }) => webhook).map(({ id }) => id), ...batches].sort();
    const told = () =>
      receiver.calls.map(({ headers, body }) => {
        const { data } = new Webhook(SECRET).verify(body, headers as Record<string, string>) as { data: EventData };
        return data.job_id ?? data.batch_id;
      });
    const isEveryOneTold = () => ids.every((id) => told().includes(id));
    await waitFor(isEveryOneTold, { what: 'all webhooks', timeoutMs: 30_000 });
    expect([...new Set(told())].sort()).toEqual(ids);
    receiver.calls.length = 0;
  }

  it('finishes 40 jobs during a rolling upgrade', async () => {
    await allDone(await roll(upgrade));
  });

  it('finishes 40 jobs during a roll-back, and the build before reads what this one made', async () => {
    await allDone(await roll(rollBack));
  });
});

interface EventData {
  job_id?: string;
  batch_id?: string;
}

const isRunning = ({ process }: ApiProcess | WorkerProcess): boolean => process.exit === null;

function running<T extends ApiProcess | WorkerProcess>(processes: readonly T[]): T {
  const found = processes.find(isRunning);
  if (found === undefined) throw new Error('None is up.');
  return found;
}

/** Runs of which workers of each of the two kinds have finished windows. */
function runsShared(some: readonly WorkerProcess[], others: readonly WorkerProcess[]): string[] {
  const theirs = runsOf(others);
  return [...runsOf(some)].filter((run) => theirs.has(run));
}

function runsOf(workers: readonly WorkerProcess[]): Set<string> {
  const lines = workers.flatMap(({ process }) => process.output.split('\n'));
  const finished = lines.filter((line) => line.includes('"message":"job finished"'));
  return new Set(finished.flatMap((line) => /"([0-9a-f-]{36})\.window\.\d+"/.exec(line)?.[1] ?? []));
}
