import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { Service, waitFor } from '@sotto/testkit';
import type { BenchOptions } from '../options.ts';
import { realSpeech } from '../recordings.ts';
import { load, post } from '../requests.ts';
import type { Report } from '../table.ts';

const WEBHOOKS = 2_000;
const ANSWER_AFTER_MS = [0, 100];
const CLIENTS = 10;

/**
 * How fast webhooks go out when many fall due at once. Many requests share one run and no worker is there; then one
 * comes, and the end of the run puts all of them into the outbox in one step.
 */
export async function webhooks({ isSmall }: BenchOptions): Promise<Report> {
  const total = isSmall ? 100 : WEBHOOKS;
  const { path } = await realSpeech(3);
  const rows: string[][] = [];
  for (const answerAfterMs of ANSWER_AFTER_MS) rows.push(await measure(total, answerAfterMs, path));
  return {
    title: 'Webhooks that fall due at once',
    method: `${total} requests share one run; one worker delivers, at most 32 calls at a time. From the first call to the last.`,
    columns: ['the receiver answers after ms', 'webhooks', 'seconds', 'webhooks per second', 'called twice'],
    rows,
  };
}

async function measure(total: number, answerAfterMs: number, path: string): Promise<string[]> {
  process.stderr.write(`  answered after ${answerAfterMs} ms\n`);
  const receiver = await Receiver.open(answerAfterMs);
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const service = await Service.start({
    workers: 0,
    env: { WEBHOOK_SECRET: secret, ALLOWED_NETWORKS: '127.0.0.1' },
  });
  try {
    const fields = { async: 'true', webhook_url: receiver.url };
    await load(CLIENTS, total, () => post(`${service.url}/transcribe`, path, fields));
    await service.addWorker();
    await waitFor(() => receiver.ids.size >= total, { what: 'the last webhook', timeoutMs: 300_000 });
    const seconds = (receiver.lastMs - receiver.firstMs) / 1000;
    const twice = receiver.calls - receiver.ids.size;
    return [String(answerAfterMs), String(total), seconds.toFixed(1), (total / seconds).toFixed(0), String(twice)];
  } finally {
    await service.close({ leftovers: true });
    receiver.close();
  }
}

/** Takes every webhook, and notes when the first and the last came. */
class Receiver {
  readonly ids = new Set<string>();
  calls = 0;
  firstMs = 0;
  lastMs = 0;
  readonly #server;

  private constructor(answerAfterMs: number) {
    this.#server = createServer((request, response) => {
      this.#note(String(request.headers['webhook-id']));
      request.resume();
      void after(answerAfterMs).then(() => response.writeHead(204).end());
    });
  }

  static async open(answerAfterMs: number): Promise<Receiver> {
    const receiver = new Receiver(answerAfterMs);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #note(id: string): void {
    const nowMs = performance.now();
    if (this.calls === 0) this.firstMs = nowMs;
    this.calls += 1;
    this.ids.add(id);
    this.lastMs = nowMs;
  }
}
