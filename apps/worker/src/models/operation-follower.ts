import { join } from 'node:path';
import { canonicalModelName, type ModelOperation, type OperationReport, SottoError } from '@sotto/contracts';
import type { ModelOperations } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import { installModel, modelFilesIn, removeModel, type VerifiedModel, verifyModel } from '@sotto/whisper';
import type { Engine } from './engine.ts';

export interface OperationFollowerDeps {
  operations: Pick<ModelOperations, 'list' | 'report' | 'isNeeded'>;
  engine: Pick<Engine, 'defaultModel'>;
  workerId: string;
  startedAtMs: number;
  modelDir: string;
  /** Mirror of the official models; undefined: their own place. */
  baseUrl: string | undefined;
  logger: Logger;
}

const LOOK_EVERY_MS = 1_000;
const REPORT_EVERY_MS = 1_000;

const VERDICTS: Record<VerifiedModel['origin'], string> = {
  official: 'It is the official file.',
  own: 'It is whole, and of no model in the catalogue.',
  other: 'It is not the official file of this name.',
};

/**
 * Does what operators want done with the files of this worker's models: install, verify, remove. One at a time; an
 * operation that another has taken the place of is ended. A worker that has died does it again when it has started, except
 * for a removal, since the model may have been brought back.
 */
export class OperationFollower {
  readonly #deps: OperationFollowerDeps;
  readonly #seen = new Set<string>();
  readonly #waiting: ModelOperation[] = [];
  #current: { operation: ModelOperation; stop: AbortController } | null = null;
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(deps: OperationFollowerDeps) {
    this.#deps = deps;
  }

  open(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => this.open());
    }, LOOK_EVERY_MS).unref();
  }

  /** Does not wait for a look, which Redis may not answer: after the end it finds nothing to do. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#current?.stop.abort();
    await this.#work;
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    // While Redis is away, there is nothing new.
    const operations = await this.#deps.operations.list().catch(() => null);
    if (operations === null || this.#isClosed) return;
    const current = this.#current?.operation;
    if (current && !operations.some(({ id }) => id === current.id)) this.#current?.stop.abort();
    for (const operation of operations) {
      if (this.#seen.has(operation.id)) continue;
      this.#seen.add(operation.id);
      this.#waiting.push(operation);
      this.#work = this.#work.then(() => this.#next());
    }
  }

  /** Never rejects. */
  async #next(): Promise<void> {
    const operation = this.#waiting.shift();
    if (operation === undefined) return;
    const stop = new AbortController();
    this.#current = { operation, stop };
    const report = await this.#outcome(operation, stop.signal);
    this.#current = null;
    if (report !== null) await this.#report(operation, report);
  }

  /** null: it was ended from outside, and nothing came of it. */
  async #outcome(operation: ModelOperation, signal: AbortSignal): Promise<OperationReport | null> {
    const { kind, model } = operation;
    const { logger } = this.#deps;
    try {
      const detail = await this.#perform(operation, signal);
      logger.info('an operation on a model has ended', { kind, model, detail });
      return { ...NOTHING, status: 'completed', detail };
    } catch (error) {
      if (signal.aborted) return null;
      logger.warning('an operation on a model has failed', { kind, model, error });
      const detail = error instanceof SottoError ? error.detail : 'The log of the worker says why.';
      return { ...NOTHING, status: 'failed', detail };
    }
  }

  async #perform(operation: ModelOperation, signal: AbortSignal): Promise<string> {
    await this.#report(operation, NOTHING);
    switch (operation.kind) {
      case 'install':
        return this.#install(operation, signal);
      case 'verify':
        return this.#verify(operation);
      case 'remove':
        return this.#remove(operation);
    }
  }

  async #install(operation: ModelOperation, signal: AbortSignal): Promise<string> {
    const { modelDir, baseUrl } = this.#deps;
    const { attempts } = await installModel(operation.model, modelDir, {
      signal,
      progressEveryMs: REPORT_EVERY_MS,
      ...(baseUrl !== undefined && { baseUrl }),
      onProgress: ({ phase, receivedBytes, totalBytes }) =>
        void this.#report(operation, { ...NOTHING, phase, receivedBytes, totalBytes }),
    });
    const source = attempts.find(({ problem }) => problem === null)?.source;
    return source === undefined ? 'It was there.' : `It was installed (${source}).`;
  }

  async #verify({ model }: ModelOperation): Promise<string> {
    const { modelDir } = this.#deps;
    const wanted = `ggml-${canonicalModelName(model)}.bin`;
    const file = (await modelFilesIn(modelDir)).find((name) => name.toLowerCase() === wanted);
    if (file === undefined) throw new SottoError('model_not_available', 'It is not installed here.');
    const { origin, sha256 } = await verifyModel(join(modelDir, file), file);
    if (origin === 'other') throw new SottoError('model_load_failed', `${VERDICTS.other} SHA-256: ${sha256}`);
    return `${VERDICTS[origin]} SHA-256: ${sha256}`;
  }

  async #remove({ model, createdAtMs }: ModelOperation): Promise<string> {
    const { operations, engine, modelDir, startedAtMs } = this.#deps;
    if (createdAtMs < startedAtMs) return 'The worker has started since.';
    if (engine.defaultModel.name === model) throw new SottoError('model_in_use', 'It is the default of this worker.');
    if (await operations.isNeeded(model)) throw new SottoError('model_in_use', 'Jobs that have not ended need it.');
    return (await removeModel(model, modelDir)) ? 'It was removed.' : 'It was not there.';
  }

  /** Reports are only shown: a lost one is followed by the next. */
  async #report(operation: ModelOperation, report: OperationReport): Promise<void> {
    const { operations, workerId } = this.#deps;
    await operations.report(operation, workerId, report).catch(() => {});
  }
}

const NOTHING: OperationReport = {
  status: 'running',
  phase: null,
  receivedBytes: null,
  totalBytes: null,
  detail: null,
};
