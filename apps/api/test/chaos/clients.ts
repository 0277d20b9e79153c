import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { wireBatchSchema, wireJobListSchema, wireStatusSchema } from '@sotto/contracts';
import type { Material, Text } from './material.ts';
import type { Order } from './workload.ts';

/** A job that a client was told of. */
export interface AcceptedJob {
  id: string;
  material: number;
  /** It is to be spoken. */
  isText: boolean;
  /** The client was told that it is cancelled. */
  isCancelled: boolean;
  batchId: string | null;
}

export interface Reply {
  status: number;
  text: string;
  /** SHA-256 of the body. */
  digest: string;
  /** null when the body is no JSON. */
  json: Record<string, unknown> | null;
}

const ANSWER_LIMIT_MS = 8_000;
const RETRY_MS = 200;
/** It is on every machine that tests, and says the same in the same samples. */
const TEXT_VOICE = 'espeak';
/** Of a service that is being destroyed; what is refused for longer than this is. */
const PATIENCE_MS = 240_000;

/** Clients that know several addresses, and try again when nobody answers or they are told to come later. */
export class Clients {
  readonly accepted: AcceptedJob[] = [];
  /** Ids of the webhooks that must be called, if what they are about is not cancelled. */
  readonly webhooks = new Set<string>();
  /** Answers that said no, or connections that said nothing. */
  refusals = 0;
  readonly #urls: readonly string[];
  readonly #materials: readonly Material[];
  readonly #webhookUrl: string;
  #turn = 0;

  constructor(urls: readonly string[], materials: readonly Material[], webhookUrl: string) {
    this.#urls = urls;
    this.#materials = materials;
    this.#webhookUrl = webhookUrl;
  }

  /** Resolves when its jobs are accepted and, where it wishes so, cancelled. */
  async carryOut(order: Order): Promise<void> {
    const [material] = order.materials.map((index) => this.#materials[index]);
    const reply = await (material !== undefined && 'text' in material
      ? this.#ask('/speak', () => this.#toSpeak(material, order))
      : this.#ask(order.isBatch ? '/batches' : '/transcribe', () => ({ method: 'POST', body: this.#form(order) })));
    if (reply.status !== 202) throw new Error(`Refused for good: ${reply.status} ${reply.text.slice(0, 300)}`);
    await (order.isBatch ? this.#keepBatch(order, reply) : this.#keepJob(order, String(reply.json?.job_id)));
  }

  async #keepJob(order: Order, id: string): Promise<void> {
    const [material = 0] = order.materials;
    const isText = 'text' in (this.#materials[material] ?? {});
    const job = { id, material, isText, isCancelled: false, batchId: null };
    this.accepted.push(job);
    if (order.cancelAfterMs !== null) {
      await delay(order.cancelAfterMs);
      await this.#ask(`/jobs/${id}`, () => ({ method: 'DELETE' }));
      job.isCancelled = true;
    } else if (order.webhook) this.webhooks.add(`msg_${id}`);
  }

  /** An item of its own may be refused, as a recording would be; it is sent alone then. */
  async #keepBatch(order: Order, reply: Reply): Promise<void> {
    const { batch_id: batchId, items } = wireBatchSchema.parse(reply.json);
    if (order.webhook) this.webhooks.add(`msg_${batchId}`);
    for (const { index, job_id: id } of items) {
      const material = order.materials[index] ?? 0;
      if (id !== undefined) this.accepted.push({ id, material, isText: false, isCancelled: false, batchId });
      else await this.carryOut({ ...order, materials: [material], isBatch: false });
    }
  }

  /** What the service says of a path, whichever API answers; 4xx is an answer too. */
  get(path: string): Promise<Reply> {
    return this.#ask(path, () => ({}));
  }

  /** Deletes every text, known to a client or not: its sound stays as long as its job. */
  async deleteTexts(): Promise<void> {
    for (let ids = await this.#texts(); ids.length > 0; ids = await this.#texts()) {
      for (const id of ids) await this.#ask(`/jobs/${id}`, () => ({ method: 'DELETE' }));
    }
  }

  async #texts(): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const reply: Reply = await this.get(`/jobs?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const { jobs, next_cursor: next } = wireJobListSchema.parse(reply.json);
      ids.push(...jobs.filter(({ kind }) => kind === 'speech').map(({ job_id: id }) => id));
      cursor = next;
    }
    return ids;
  }

  async statusOf(id: string): Promise<string> {
    const reply = await this.get(`/status/${id}`);
    if (reply.status !== 200) return String(reply.status);
    const status = wireStatusSchema.safeParse(reply.json);
    return status.success ? status.data.status : `not as documented: ${status.error.message}`;
  }

  #toSpeak({ text }: Text, { webhook, cache }: Order): RequestInit {
    const wishes = { cache, ...(webhook && { webhook_url: this.#webhookUrl }) };
    return {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text, voice: TEXT_VOICE, async: true, ...wishes }),
    };
  }

  #form({ materials, isBatch, webhook, cache }: Order): FormData {
    const form = new FormData();
    for (const index of materials) {
      const material = this.#materials[index];
      if (material !== undefined && 'bytes' in material) {
        form.append('file', new Blob([new Uint8Array(material.bytes)]), material.name);
      }
    }
    form.set('language', 'en');
    if (!isBatch) form.set('async', 'true');
    if (!cache) form.set('cache', 'false');
    if (webhook) form.set('webhook_url', this.#webhookUrl);
    return form;
  }

  async #ask(path: string, init: () => RequestInit): Promise<Reply> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const reply = await this.#answer(path, init());
      if (reply !== null && reply.status < 500 && reply.status !== 429) return reply;
      this.refusals += 1;
      if (performance.now() > deadlineMs) throw new Error(`${path}: no answer but ${reply?.status} ${reply?.text}`);
      await delay(RETRY_MS);
    }
  }

  async #answer(path: string, init: RequestInit): Promise<Reply | null> {
    this.#turn += 1;
    const url = this.#urls[this.#turn % this.#urls.length] ?? '';
    try {
      const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
      const bytes = Buffer.from(await response.arrayBuffer());
      const text = bytes.toString();
      return { status: response.status, text, digest: digestOf(bytes), json: parsed(text) };
    } catch {
      return null;
    }
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function parsed(text: string): Reply['json'] {
  try {
    return JSON.parse(text) as Reply['json'];
  } catch {
    return null;
  }
}
