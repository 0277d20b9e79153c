import { join } from 'node:path';
import type { SottoClient, WireBatch } from '@sotto/client';
import type { Granularity, ResponseFormat } from '@sotto/contracts';
import { withExtension, writeResult } from '../../recordings/result-file.ts';
import { bodyOf } from '../../recordings/transcribe-recording.ts';
import type { BatchSource } from './sources.ts';

/** Where the results of a batch go. */
export interface BatchResults {
  /** Takes what is new in a batch that is still at work. What fails is tried again by `finish`. */
  take(batch: WireBatch): void;
  /**
   * Takes the rest of a batch that has ended.
   * @returns why results could not be had or written, by item
   */
  finish(batch: WireBatch): Promise<ReadonlyMap<number, unknown>>;
  /** Where results are, and what their jobs warn of. */
  lines(): readonly string[];
}

export interface ResultOptions {
  format: ResponseFormat;
  granularity: Granularity;
  signal: AbortSignal;
}

/** A file for each, as soon as there is a result: an interrupt keeps what was done before it. */
export class ResultFiles implements BatchResults {
  readonly #client: SottoClient;
  readonly #sources: readonly BatchSource[];
  readonly #folder: string;
  readonly #options: ResultOptions;
  /** By item. */
  readonly #written = new Map<number, string[]>();
  #writing: Promise<unknown> = Promise.resolve();

  /** @param sources in the order of the batch's items */
  constructor(client: SottoClient, sources: readonly BatchSource[], folder: string, options: ResultOptions) {
    this.#client = client;
    this.#sources = sources;
    this.#folder = folder;
    this.#options = options;
  }

  take(batch: WireBatch): void {
    this.#writing = this.#writing.then(() => this.#write(batch));
  }

  async finish(batch: WireBatch): Promise<ReadonlyMap<number, unknown>> {
    await this.#writing;
    return this.#write(batch);
  }

  lines(): readonly string[] {
    return [...this.#written].sort(([a], [b]) => a - b).flatMap(([, lines]) => lines);
  }

  /** Never rejects. */
  async #write({ items }: WireBatch): Promise<Map<number, unknown>> {
    const failures = new Map<number, unknown>();
    for (const { index, status, job_id: jobId } of items) {
      if (status !== 'completed' || jobId === undefined || this.#written.has(index)) continue;
      try {
        this.#written.set(index, await this.#writeOne(index, jobId));
      } catch (error) {
        failures.set(index, error);
      }
    }
    return failures;
  }

  async #writeOne(index: number, jobId: string): Promise<string[]> {
    const { format, granularity, signal } = this.#options;
    const { name, target } = this.#sources[index] ?? { name: jobId, target: jobId };
    const result = await this.#client.result(jobId, format, { signal, timestampGranularity: granularity });
    const { warnings = [] } = await this.#client.status(jobId, { signal });
    const path = withExtension(join(this.#folder, target), format);
    await writeResult(path, bodyOf(result));
    return [`${name} -> ${path}`, ...warnings.map(({ detail }) => `${name}: ${detail}`)];
  }
}

/** All in one ZIP file, as the service packs it; none when there is no result. */
export class ResultZip implements BatchResults {
  readonly #client: SottoClient;
  readonly #path: string;
  readonly #options: ResultOptions;
  #line: string | null = null;

  constructor(client: SottoClient, path: string, options: ResultOptions) {
    this.#client = client;
    this.#path = path;
    this.#options = options;
  }

  take(): void {}

  async finish({ batch_id: batchId, counts }: WireBatch): Promise<ReadonlyMap<number, unknown>> {
    if (counts.completed === 0) return new Map();
    const { format, granularity, signal } = this.#options;
    const call = { signal, timestampGranularity: granularity };
    await writeResult(this.#path, await this.#client.batches.results(batchId, format, call));
    this.#line = `${counts.completed} of ${counts.total} -> ${this.#path}`;
    return new Map();
  }

  lines(): readonly string[] {
    return this.#line === null ? [] : [this.#line];
  }
}
