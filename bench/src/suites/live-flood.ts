import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SottoClient } from '@sotto/client';
import { freePort, nanoModelDir, Service } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { descriptors, residentMegabytes } from '../gauges.ts';
import type { BenchOptions } from '../options.ts';
import type { Report } from '../table.ts';

const CONNECTS = 10_000;
const WITHIN_MS = 60_000;
const SILENCE_SECONDS = 3_600;
/** Until what nobody uses any more is let go of. */
const REST_MS = 30_000;
const READ_EVERY_MS = 250;
const SOCKET_DOORS = {
  '/live': '/live',
  "OpenAI's": '/v1/realtime',
  "Deepgram's": '/v1/listen?encoding=linear16&sample_rate=16000',
};

/** What a crowd at the live doors, and an hour of silence that is sent as fast as it is taken, cost and leave behind. */
export async function liveFlood({ isSmall }: BenchOptions): Promise<Report> {
  const connects = isSmall ? 300 : CONNECTS;
  const withinMs = isSmall ? 2_000 : WITHIN_MS;
  const seconds = isSmall ? 120 : SILENCE_SECONDS;
  const wyomingPort = await freePort();
  const service = await Service.start({
    modelDir: await nanoModelDir(),
    apiEnv: { ENABLE_RATE_LIMIT: 'true', WYOMING_PORT: String(wyomingPort) },
  });
  const pid = service.apis[0]?.process.pid ?? 0;
  try {
    const rows: string[][] = [];
    for (const [name, path] of Object.entries(SOCKET_DOORS)) {
      const url = `${service.url.replace('http', 'ws')}${path}`;
      rows.push(
        await measured(pid, `${connects} connects, ${name}`, () => crowd(connects, withinMs, () => knock(url))),
      );
    }
    const tcp = () => crowd(connects, withinMs, () => knockAt(wyomingPort));
    rows.push(await measured(pid, `${connects} connects, Wyoming`, tcp));
    // Connects before it have used up what one address may.
    const calm = await service.addApi({ ENABLE_RATE_LIMIT: 'false', WYOMING_PORT: String(await freePort()) });
    const silence = () => hearSilence(calm.url, seconds, service);
    rows.push(await measured(calm.process.pid, `${seconds} s of silence, /live`, silence));
    return {
      title: 'Crowds at the live doors, and silence',
      method: [
        `${connects} connects at each door within ${withinMs / 1_000} s, from one address, each closed by its client as soon as it is open; with the usual rate limit. Then ${seconds} s of silence over the client, as fast as it is taken, on an API of its own.`,
        `Memory and descriptors of the API: before, at most, and ${REST_MS / 1_000} s after.`,
      ].join(' '),
      columns: ['what', 'came of it', 'seconds', 'MB before', 'MB at most', 'MB after', 'descriptors before', 'after'],
      rows,
    };
  } finally {
    await service.close({ leftovers: true });
  }
}

async function measured(pid: number, what: string, work: () => Promise<string>): Promise<string[]> {
  process.stderr.write(`  ${what}\n`);
  const before = [await residentMegabytes(pid), await descriptors(pid)] as const;
  let most = before[0];
  const reading = setInterval(async () => {
    most = Math.max(most, await residentMegabytes(pid));
  }, READ_EVERY_MS);
  const beganMs = performance.now();
  const outcome = await work();
  const seconds = (performance.now() - beganMs) / 1_000;
  await delay(REST_MS);
  clearInterval(reading);
  const after = [await residentMegabytes(pid), await descriptors(pid)] as const;
  const megabytes = [before[0], most, after[0]].map((value) => value.toFixed(0));
  const row = [what, outcome, seconds.toFixed(1), ...megabytes, String(before[1]), String(after[1])];
  process.stderr.write(`  ${row.join(' | ')}\n`);
  return row;
}

/** At an even pace; how often each thing came of it. */
async function crowd(connects: number, withinMs: number, one: () => Promise<string>): Promise<string> {
  const outcomes = new Map<string, number>();
  const each = async (index: number) => {
    await delay((index * withinMs) / connects);
    const outcome = await one();
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  };
  await Promise.all(Array.from({ length: connects }, (_, index) => each(index)));
  return [...outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join(', ');
}

function knock(url: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.once('open', () => {
      socket.terminate();
      resolve('101');
    });
    socket.once('unexpected-response', (request, response) => {
      resolve(String(response.statusCode));
      request.destroy();
    });
    socket.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
  });
}

/** Beyond as many as may be open at once, it is closed without a word. */
async function knockAt(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('{"type":"describe"}\n');
    const told = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => null)]);
    return told === null ? 'closed' : 'answered';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
  }
}

async function hearSilence(url: string, seconds: number, { redis, prefix }: Service): Promise<string> {
  const live = new SottoClient({ baseUrl: url }).live({ WebSocket, language: 'en' });
  const client = redis.client();
  let most = 0;
  let words = 0;
  const sending = (async () => {
    for (let second = 0; second < seconds; second += 1) {
      await live.send(Buffer.alloc(32_000));
      if (second % 10 > 0 || live.sessionId === null) continue;
      most = Math.max(
        most,
        Number(await client.memory('USAGE', `${prefix}:live:${live.sessionId}:audio`, 'SAMPLES', '0')),
      );
    }
    live.end();
  })();
  for await (const event of live) if (event.type === 'partial' || event.type === 'final') words += event.words.length;
  await sending;
  return `${words} words; its audio took at most ${(most / 1_024).toFixed(0)} kB of Redis`;
}
