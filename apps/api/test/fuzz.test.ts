import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { concat, DocumentedApi, encodeWav, pause, type Service, startService, tone } from '@sotto/testkit';
import fc from 'fast-check';
import { seedLists } from './support/fuzz/lists.ts';
import { type FileName, type FuzzAnswer, type FuzzRequest, Sender } from './support/fuzz/request.ts';
import { requestsOf } from './support/fuzz/requests.ts';
import { seedVoices } from './support/fuzz/voices.ts';
import { LibraryOf, libraryOpen } from './support/library.ts';
import { phrase } from './support/speech.ts';

/** The same requests every time; other ones for whoever wants to look further: FUZZ_SEED, FUZZ_REQUESTS. */
const SEED = Number(process.env.FUZZ_SEED ?? 2026);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 3_600);
const AT_ONCE = 8;

let service: Service;
let locked: Service;
let recordings: Record<FileName, Uint8Array>;

beforeAll(async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  // Models are asked for, too: their sources are where nobody listens.
  const nowhere = { MODEL_BASE_URL: 'http://127.0.0.1:9/', PIP_INDEX_URL: 'http://127.0.0.1:9/', PIP_RETRIES: '0' };
  const env = { WEBHOOK_SECRET: secret, ALLOWED_NETWORKS: '127.0.0.1/32', ...nowhere };
  const keys = { ENABLE_API_KEY: 'true', API_KEY: 'the first key', ADMIN_API_KEY: 'the admin key' };
  [service, locked] = await Promise.all([
    startService({
      env,
      roles: [['prepare', 'transcribe', 'speak']],
      apiEnv: { ENABLE_KNOWN_VOICES: 'true', DATABASE_URL: 'pglite:library' },
    }),
    startService({ env, apiEnv: keys }),
  ]);
  await seedVoices(service);
  await seedLists(service);
  const speech = (await phrase(61)).bytes;
  const sound = encodeWav(tone(300, 440));
  const silence = encodeWav(concat(pause(300), tone(150, 880)));
  recordings = {
    tone: sound,
    speech,
    silence,
    short: encodeWav(tone(20, 440)),
    empty: new Uint8Array(),
    words: Buffer.from('These are words.\n'.repeat(50)),
    cut: speech.slice(0, 3_001),
    header: sound.slice(0, 44),
    noise: Uint8Array.from({ length: 4_000 }, (_, at) => (at * 2_654_435_761) >>> 13),
    none: new Uint8Array(),
  };
  await libraryOpen(service.url);
  const kept = new LibraryOf(service.url);
  await Promise.all(Array.from({ length: 12 }, () => kept.kept(sound)));
});

afterAll(async () => {
  await Promise.all([service?.close({ leftovers: true }), locked?.close({ leftovers: true })]);
});

/** What takes more than chance: a WebSocket, an archive, a transcript, ids that belong together, or the id of a worker or a voice. */
const RARELY_SERVED = [
  'GET /live',
  'GET /realtime',
  'GET /listen',
  'GET /voices/{id}/sample',
  'POST /library/import',
  'POST /jobs/{id}/dub',
  'POST /library/{id}/dub',
  'POST /library/{id}/edits',
  'DELETE /library/{id}/links/{link}',
  'POST /admin/workers/{id}/drain',
  'DELETE /admin/workers/{id}/drain',
];

/** What is wrong with an answer, beyond what the document says: nothing a client sends may break the service. */
function faultsOf(answer: FuzzAnswer, api: DocumentedApi): string[] {
  const isBroken = answer.status >= 500 && answer.status !== 503;
  return [...(isBroken ? [`answers ${answer.status}: ${answer.body?.slice(0, 300)}`] : []), ...api.problemsOf(answer)];
}

interface Outcome {
  /** Fault -> the first request that met it. */
  faults: Record<string, FuzzRequest>;
  /** Operation -> status -> how often. */
  statuses: Map<string, Map<number, number>>;
}

async function fuzz({ url }: Service, count: number, seed: number, more: [string, string][][] = []): Promise<Outcome> {
  const api = await DocumentedApi.of(url);
  const requests = fc.sample(requestsOf(api.document), { numRuns: count, seed });
  const sender = new Sender(url, recordings, AT_ONCE);
  const outcome: Outcome = { faults: {}, statuses: new Map() };
  const queue = requests.entries();
  const work = async (): Promise<void> => {
    for (const [index, plain] of queue) {
      const request = { ...plain, headers: [...plain.headers, ...(more[index % more.length] ?? [])] };
      try {
        const answer = await sender.send(request);
        const statuses = outcome.statuses.get(request.operation) ?? new Map<number, number>();
        outcome.statuses.set(request.operation, statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1));
        for (const fault of faultsOf(answer, api)) outcome.faults[`${request.operation}: ${fault}`] ??= request;
      } catch (error) {
        outcome.faults[`${request.operation}: no answer (${String(error)})`] ??= request;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  sender.close();
  return outcome;
}

describe('whatever is sent', () => {
  it('is answered as documented, and never by a failure of the service', async () => {
    const { faults, statuses } = await fuzz(service, REQUESTS, SEED);
    expect(faults).toEqual({});
    // Requests that are all refused would prove little: nearly every operation also served some. (What needs a job in
    // a certain state may not have met one.)
    const { operations } = await DocumentedApi.of(service.url);
    const names = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const served = (name: string) => [...(statuses.get(name)?.keys() ?? [])].some((status) => status < 300);
    // Nobody signs in while keys are off.
    const open = names.filter((name) => !/ \/auth\/(?!verify)/.test(name));
    const unserved = open.filter((name) => !served(name) && !RARELY_SERVED.includes(name));
    expect(unserved.length > open.length / 10 ? unserved : []).toEqual([]);
    expect(await (await fetch(`${service.url}/health`)).json()).toMatchObject({ status: 'healthy' });
  });

  it('is answered as documented while keys are on, whoever asks', async () => {
    const callers: [string, string][][] = [
      [],
      [['X-API-Key', 'a wrong key']],
      [['X-API-Key', 'the first key']],
      [['Authorization', 'Bearer the admin key']],
    ];
    const { faults } = await fuzz(locked, Math.ceil(REQUESTS / 5), SEED + 1, callers);
    expect(faults).toEqual({});
  });
});
