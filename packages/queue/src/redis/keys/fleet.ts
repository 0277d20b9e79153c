import type { EngineKind } from '@sotto/contracts';

/** Of workers and the models they report. */
export class FleetKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** String that expires: Heartbeat as JSON. */
  worker(workerId: string): string {
    return `${this.#prefix}:worker:${workerId}`;
  }

  /** Sorted set: worker id -> time of its last heartbeat. */
  get workers(): string {
    return `${this.#prefix}:workers`;
  }

  /** String that expires: there while the worker is to take no new jobs. */
  drain(workerId: string): string {
    return `${this.#prefix}:drain:${workerId}`;
  }

  /** Hash: what operators want of the models of all workers; see jobs/model-wishes.ts. */
  get modelWishes(): string {
    return `${this.#prefix}:model-wishes`;
  }

  /** Hash: model name -> ModelOperation as JSON, the last one for each model. */
  get modelOperations(): string {
    return `${this.#prefix}:model-operations`;
  }

  /** Hash: worker id -> OperationReport as JSON. */
  modelOperation(id: string): string {
    return `${this.modelOperations}:${id}`;
  }

  /** Hash: engine and its digest -> SpeechOffer as JSON. */
  get speechOffers(): string {
    return `${this.#prefix}:speech-offers`;
  }

  /**
   * Hash: model name -> the model as a worker last reported it. The name for `transcribe` is from before there were
   * other kinds: builds of that time offer everything in it for transcription.
   */
  models(kind: EngineKind): string {
    return kind === 'transcribe' ? `${this.#prefix}:models` : `${this.#prefix}:models:${kind}`;
  }
}
