import { Client, formOf } from './client.ts';
import type { SpokenRecording } from './recordings.ts';

/** A job that some client has sent, and the words that are to come back. */
export interface SentJob {
  id: string;
  what: string;
  text: string;
  webhook: boolean;
}

type Fields = Record<string, string>;

/** Every job is work of its own, so that all of it is to be done. */
const OWN_WORK = { cache: 'false' };

/** Clients of a service whose processes come and go: each sends to an API that is up, and some wait for their answer there. */
export class Clients {
  readonly jobs: SentJob[] = [];
  readonly batches: string[] = [];
  readonly #receiver: string;
  readonly #waiting: Promise<void>[] = [];

  /** `receiver`: the address that webhooks go to. */
  constructor(receiver: string) {
    this.#receiver = receiver;
  }

  /** Sends a recording and comes back for its text later. */
  async submit(url: string, { wav, name, text }: SpokenRecording, fields: Fields = {}): Promise<void> {
    const id = await new Client(url).submit(wav, { ...OWN_WORK, ...fields });
    this.jobs.push({ id, text, what: `${name}, sent`, webhook: fields.webhook_url !== undefined });
  }

  async submitWithWebhook(url: string, recording: SpokenRecording): Promise<void> {
    await this.submit(url, recording, { webhook_url: this.#receiver });
  }

  /** Sends a recording and waits for its text, as long as it takes: an API that stops answers where to ask. */
  wait(url: string, { wav, name, text }: SpokenRecording): void {
    const send = async (): Promise<void> => {
      const body = formOf([{ bytes: wav, name: 'recording.wav' }], OWN_WORK);
      const response = await fetch(`${url}/transcribe`, { method: 'POST', body });
      const answer = (await response.json()) as { text?: string; job_id?: string };
      const id = answer.job_id ?? response.headers.get('x-job-id');
      if (!response.ok || id === null) throw new Error(`${name}: ${response.status} ${JSON.stringify(answer)}`);
      this.jobs.push({ id, text, what: `${name}, waited for`, webhook: false });
    };
    this.#waiting.push(send());
  }

  /** Sends several as one batch. */
  async submitBatch(url: string, recordings: readonly SpokenRecording[]): Promise<void> {
    const files = recordings.map(({ wav, name }) => ({ bytes: wav, name: `${name}.wav` }));
    const body = formOf(files, { ...OWN_WORK, webhook_url: this.#receiver });
    const batch = await new Client(url).json(202, '/batches', { method: 'POST', body });
    const items = batch.items as { job_id: string }[];
    for (const [i, { name, text }] of recordings.entries()) {
      this.jobs.push({ id: String(items[i]?.job_id), text, what: `${name}, of a batch`, webhook: false });
    }
    this.batches.push(String(batch.batch_id));
  }

  /** Resolves when everybody who waited has been answered. */
  async answered(): Promise<void> {
    await Promise.all(this.#waiting);
  }
}
