/** A client of a running service, and recordings for it, made of the sample that the CLI brings along. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { until } from './docker.mjs';

const SAMPLE = join(root, 'apps/cli/assets/sample-nano.wav');
export const SAMPLE_TEXT = 'hello world one two three';
const HEADER_BYTES = 44;

/** The sample `times` over, with half a second of silence after each: 16 kHz, mono, 16 bits. */
export function repeatedSample(times) {
  const wav = readFileSync(SAMPLE);
  const once = Buffer.concat([wav.subarray(HEADER_BYTES), Buffer.alloc(16_000)]);
  const data = Buffer.concat(Array.from({ length: times }, () => once));
  const header = Buffer.from(wav.subarray(0, HEADER_BYTES));
  header.writeUInt32LE(HEADER_BYTES - 8 + data.length, 4);
  header.writeUInt32LE(data.length, HEADER_BYTES - 4);
  return Buffer.concat([header, data]);
}

export class Client {
  constructor(url, key) {
    this.url = url;
    this.headers = key ? { 'x-api-key': key } : {};
  }

  /** The health of the service, or null while it does not answer. */
  async health() {
    const answer = await fetch(`${this.url}/health`).catch(() => null);
    return answer === null ? null : answer.json();
  }

  untilWorkers(count, timeoutMs) {
    return until(
      `${count} workers`,
      async () => {
        const health = await this.health();
        const ready = await fetch(`${this.url}/health/ready`).catch(() => null);
        return health?.workers === count && health.model !== null && ready?.status === 200;
      },
      timeoutMs,
    );
  }

  /** @returns the answer's body; any status but 200 and 202 throws */
  async transcribe(bytes, fields = {}, name = 'sample.wav') {
    const form = new FormData();
    for (const [field, value] of Object.entries({ cache: 'false', ...fields })) form.set(field, value);
    form.set('file', new Blob([bytes]), name);
    const answer = await fetch(`${this.url}/transcribe`, { method: 'POST', body: form, headers: this.headers });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`POST /transcribe answered ${answer.status}: ${JSON.stringify(body)}`);
    return body;
  }

  async status(id) {
    const answer = await fetch(`${this.url}/status/${id}`, { headers: this.headers });
    return answer.json();
  }

  /** The text of a job once it is done. @throws Error when it fails or takes too long */
  async text(id, timeoutMs) {
    const job = await until(
      `job ${id}`,
      async () => {
        const status = await this.status(id);
        return status.status !== 'processing' && status;
      },
      timeoutMs,
    );
    if (job.status !== 'completed') throw new Error(`The job ended as ${job.status}: ${JSON.stringify(job)}`);
    return job.result.text;
  }
}
