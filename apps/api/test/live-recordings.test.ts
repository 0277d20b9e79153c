import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  filesUnder,
  type PostgresServer,
  Receiver,
  type Service,
  startPostgres,
  startService,
  waitFor,
} from '@sotto/testkit';
import { LibraryOf, libraryOpen } from './support/library.ts';
import { LiveSocket } from './support/live.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { type Reply, send } from './support/replies.ts';

jest.setTimeout(120_000);

const ADMIN = 'the-admin-key';
const START = { type: 'start', language: 'en' };
const WAV_HEADER_BYTES = 44;
/** More than is stored at once. */
const LONG_MS = 25_000;

let database: PostgresServer;
let service: Service;
let url: string;
let spoken: SpokenRecording;

beforeAll(async () => {
  database = await startPostgres();
  [service, spoken] = await Promise.all([
    startService({
      apiEnv: {
        ENABLE_API_KEY: 'true',
        ADMIN_API_KEY: ADMIN,
        DATABASE_URL: await database.createDatabase(),
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
        ALLOWED_NETWORKS: '127.0.0.0/8',
      },
      workerEnv: {
        LIVE_SESSIONS: '4',
        // Longer than between two signs of a client that only listens.
        LIVE_IDLE: '10',
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
        ALLOWED_NETWORKS: '127.0.0.0/8',
      },
    }),
    recording(702, 2, 900),
  ]);
  ({ url } = service);
  await libraryOpen(url);
});

// Keys stay, and what is in the library.
afterAll(async () => {
  await service?.close({ leftovers: true });
  await database?.close();
});

interface Account {
  library: LibraryOf;
  headers: Record<string, string>;
  get(path: string): Promise<Reply>;
  open(final_pass: unknown, api?: string): Promise<LiveSocket>;
  /** Seconds of audio that count as used. */
  used(): Promise<number>;
  /** The same, at the API that is there now. */
  again(): Account;
}

async function account(limits: object = {}): Promise<Account> {
  const admin = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'live', ...limits });
  const { json } = await send(`${url}/admin/keys`, { method: 'POST', headers: admin, body });
  return accountOf(String(json?.key));
}

function accountOf(key: string): Account {
  const headers = { 'X-API-Key': key };
  const get = (path: string) => send(url + path, { headers });
  return {
    library: new LibraryOf(url, key),
    headers,
    get,
    open: (final_pass, api = url) => LiveSocket.open(api, { ...START, final_pass }, headers),
    used: async () => {
      const { days } = (await get('/usage')).json as { days: { audio_seconds: number }[] };
      return days.reduce((sum, { audio_seconds }) => sum + audio_seconds, 0);
    },
    again: () => accountOf(key),
  };
}

/** Noise that nobody takes for speech, so that it is heard at once, and that is nowhere the same. */
function noise(durationMs: number): Uint8Array {
  let state = 1;
  const samples = Int16Array.from({ length: durationMs * 16 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return ((state >>> 16) % 17) - 8;
  });
  return new Uint8Array(samples.buffer);
}

async function ended(of: Account, jobId: string) {
  const end = async () => {
    const { json } = await of.get(`/status/${jobId}`);
    return json?.status === 'completed' || json?.status === 'failed' ? json : null;
  };
  return waitFor(end, { what: 'the job to end', timeoutMs: 60_000 });
}

/** The samples of the recording that is kept. */
async function keptSamples(of: Account, jobId: string): Promise<Buffer> {
  const response = await of.library.fetch(`/${jobId}/audio`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer()).subarray(WAV_HEADER_BYTES);
}

const wholeMs = (pcm: Uint8Array): Buffer => Buffer.from(pcm.subarray(0, pcm.length - (pcm.length % 32)));

const uploads = async () => {
  const files = await filesUnder(service.blobFolder);
  return files.filter((file) => file.startsWith('uploads/') || file.startsWith('manifests/'));
};

it('become a job like any other, which costs nothing once more, and an item of the library', async () => {
  const receiver = await Receiver.open();
  try {
    const own = await account();
    const live = await own.open({ diarize: false, keep: true, keep_days: 3, webhook_url: receiver.url });
    const { session_id, job_id } = await live.first('session');
    expect(job_id).toBe(session_id);
    expect(await own.get(`/status/${job_id}`)).toMatchObject({ status: 404 });
    const head = { method: 'HEAD', headers: { ...own.headers, 'Tus-Resumable': '1.0.0' } };
    expect(await fetch(`${url}/uploads/${session_id}`, head)).toMatchObject({ status: 404 });
    await live.speak(spoken.pcm, { pace: 4 });
    live.say({ type: 'end' });
    expect(await live.closed).toMatchObject({ code: 1000 });
    expect(live.of('ended')).toMatchObject([{ reason: 'client', job_id }]);
    // It is there as soon as the end is told.
    expect(await own.get(`/status/${job_id}`)).toMatchObject({ status: 200 });
    const status = await ended(own, String(job_id));
    expect(status).toMatchObject({ status: 'completed', file_name: expect.stringMatching(/^Live .*\.wav$/) });
    const item = await own.library.ended(String(job_id));
    expect(item).toMatchObject({ status: 'completed', language: 'en', keep_until: expect.any(String) });
    expect(await keptSamples(own, String(job_id))).toEqual(wholeMs(spoken.pcm));
    const call = await waitFor(() => receiver.calls[0] ?? false, { what: 'the webhook', timeoutMs: 20_000 });
    expect(JSON.parse(String(call.body))).toMatchObject({ data: { job_id } });
    expect(await own.used()).toBeCloseTo(spoken.durationMs / 1_000, 1);
    const other = await account();
    expect(await other.get(`/status/${job_id}`)).toMatchObject({ status: 404 });
    await waitFor(async () => (await uploads()).length === 0, { what: 'the parts to go', timeoutMs: 20_000 });
  } finally {
    await receiver.close();
  }
});

it('lose no sample when the worker that hears them is killed', async () => {
  const own = await account();
  const pcm = noise(LONG_MS);
  const live = await own.open({ keep: true });
  const { job_id } = await live.first('session');
  const offset = async () => Number(await service.redis.client().hget(`${service.prefix}:upload:${job_id}`, 'offset'));
  const speaking = live.speak(pcm, { pace: 3 });
  await waitFor(async () => (await offset()) > 0, { what: 'the first part', timeoutMs: 30_000 });
  await service.workers[0]?.process.kill9();
  const another = service.addWorker();
  await speaking;
  live.say({ type: 'end' });
  await another;
  expect(await live.closed).toMatchObject({ code: 1000 });
  expect(live.of('ended')).toMatchObject([{ reason: 'client', heard: LONG_MS / 1_000, job_id }]);
  await own.library.ended(String(job_id), 60_000);
  expect((await keptSamples(own, String(job_id))).equals(Buffer.from(pcm))).toBe(true);
});

it('become a job once, although everything has died meanwhile', async () => {
  const own = await account();
  const live = await own.open({ keep: true });
  const { job_id } = await live.first('session');
  await live.speak(spoken.pcm, { pace: 4 });
  await live.first('acknowledged');
  const { received_samples } = live.of('acknowledged').at(-1) ?? { received_samples: 0 };
  for (const { process } of [...service.workers, ...service.apis]) await process.kill9();
  [{ url }] = await Promise.all([service.addApi(), service.addWorker()]);
  await libraryOpen(url);
  const again = await own.again();
  await ended(again, String(job_id));
  const samples = await keptSamples(again, String(job_id));
  expect(samples.length).toBeGreaterThanOrEqual(2 * received_samples);
  expect(samples.equals(Buffer.from(spoken.pcm.subarray(0, samples.length)))).toBe(true);
  expect(await again.library.ids()).toEqual([job_id]);
});

it('end with the quota of their key, or when they are as long as it may have any, and become a job all the same', async () => {
  const [poor, short] = await Promise.all([
    account({ audio_minutes_per_day: 0.03 }),
    account({ max_duration_seconds: 2 }),
  ]);
  for (const [own, reason] of [
    [poor, 'quota'],
    [short, 'too_long'],
  ] as const) {
    const live = await own.open(true);
    const { job_id } = await live.first('session');
    await live.speak(spoken.pcm);
    expect(await live.closed).toMatchObject({ code: expect.any(Number) });
    const { reason: said, job_id: told } = await endOf(own, live);
    expect({ said, told }).toEqual({ said: reason, told: job_id });
    expect(await ended(own, String(job_id))).toMatchObject({ status: 'completed' });
  }
});

/** The end of a session, which may have closed its socket before it could be told. */
async function endOf(own: Account, live: LiveSocket) {
  const { session_id } = await live.first('session');
  const again = await LiveSocket.open(url, { type: 'resume', session_id }, own.headers);
  await again.closed;
  return again.first('ended');
}

it('leave nothing behind where nothing was said, or when Redis has lost them', async () => {
  const own = await account();
  const client = service.redis.client();
  // A worker that was killed may have written a part that counts nowhere: the sweep removes it, an hour later.
  const before = new Set(await uploads());
  const silent = await own.open(true);
  await silent.first('session');
  silent.say({ type: 'end' });
  await silent.closed;
  expect(silent.of('ended')).toMatchObject([{ job_id: null }]);
  const lost = await own.open(true);
  const { job_id } = await lost.first('session');
  await lost.speak(spoken.pcm, { pace: 4 });
  await client.del(`${service.prefix}:upload:${job_id}`);
  lost.say({ type: 'end' });
  await lost.closed;
  expect(lost.of('ended')).toMatchObject([{ reason: 'client', job_id: null }]);
  expect(lost.of('final')).not.toEqual([]);
  expect(await own.get(`/status/${job_id}`)).toMatchObject({ status: 404 });
  const haveGone = async () => (await uploads()).every((file) => before.has(file));
  await waitFor(haveGone, { what: 'the parts to go', timeoutMs: 20_000 });
  expect(await client.keys(`${service.prefix}:upload:${job_id}*`)).toEqual([]);
});

it.each([
  ['a field that nobody knows', { dance: true }, 1007, 'invalid_parameter'],
  ['a file of its own', { url: 'http://127.0.0.1/' }, 1007, 'invalid_parameter'],
  ['fields that cannot go together', { diarize: false, num_speakers: 2 }, 1007, 'invalid_parameter'],
  ['a vocabulary that is not there', { vocabulary: 'none' }, 1008, 'vocabulary_not_found'],
  ['a model that is not there', { model: 'huge' }, 1008, 'model_not_available'],
  ['a lane that its key may not have', { priority: 'interactive' }, 1008, 'forbidden'],
])('%s opens nothing', async (_, finalPass, code, error) => {
  const own = await account();
  const live = await own.open(finalPass);
  expect(await live.closed).toEqual({ code, reason: error });
});

it('are refused where there is no library to keep them in', async () => {
  const api = await service.addApi({ DATABASE_URL: 'none' });
  const own = await account();
  const live = await own.open({ keep: true }, api.url);
  expect(await live.closed).toMatchObject({ reason: 'library_off' });
  const without = await own.open(true, api.url);
  await without.first('session');
  without.say({ type: 'end' });
  await without.closed;
});
