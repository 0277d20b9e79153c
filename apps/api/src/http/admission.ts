import { SottoError } from '@sotto/contracts';
import type { Producer } from '@sotto/queue';
import { readMemory } from '@sotto/runtime';
import type { BlobStore } from '@sotto/storage';
import type { ApiSettings } from '../settings.ts';
import { Sampled } from './sampled.ts';
import type { Shutdown } from './shutdown.ts';

export interface AdmissionDeps {
  settings: Pick<ApiSettings, 'memoryThresholdPercent' | 'minFreeDiskBytes' | 'maxQueueLength'>;
  storage: Pick<BlobStore, 'health'>;
  producer: Pick<Producer, 'counts'>;
  /** One round trip to the queue; rejects with `queue_unavailable`. */
  pingQueue(): Promise<void>;
  shutdown: Shutdown;
}

const SAMPLE_MS = 1_000;
const RETRY_AFTER_SECONDS = 10;

/** Whether there is room for new work, asked before a byte of an upload is read. */
export class Admission {
  readonly #deps: AdmissionDeps;
  readonly #memory: Sampled<number>;
  readonly #storage: Sampled<Awaited<ReturnType<BlobStore['health']>>>;
  readonly #waiting: Sampled<number>;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
    this.#memory = new Sampled(SAMPLE_MS, async () => readMemory().percent);
    this.#storage = new Sampled(SAMPLE_MS, () => deps.storage.health());
    this.#waiting = new Sampled(SAMPLE_MS, async () => (await deps.producer.counts()).waiting);
  }

  /**
   * @param declaredBytes of the body; 0 when the client did not say.
   * @throws SottoError `shutting_down`, `memory_pressure`, `disk_full`, `storage_unavailable`, `service_full`,
   *   `queue_unavailable`.
   */
  async check(declaredBytes: number): Promise<void> {
    const { settings, shutdown, pingQueue } = this.#deps;
    if (shutdown.signal.aborted) throw full('shutting_down', 'Another replica, or this one in a moment, will take it.');
    const [memoryPercent, storage, waiting] = await Promise.all([
      this.#memory.value(),
      this.#storage.value(),
      this.#waiting.value(),
      // The sampled figures may be from before an outage, and an upload must not be read for nothing.
      pingQueue(),
    ]);
    if (settings.memoryThresholdPercent < 100 && memoryPercent > settings.memoryThresholdPercent) {
      throw full('memory_pressure', `${Math.round(memoryPercent)} % of the memory is used.`);
    }
    if (!storage.writable) throw full('storage_unavailable', 'Uploads cannot be stored now.');
    if (storage.freeBytes !== null && storage.freeBytes - declaredBytes < settings.minFreeDiskBytes) {
      throw full('disk_full', 'There is too little room for this upload.');
    }
    if (waiting >= settings.maxQueueLength) throw full('service_full', `${waiting} recordings are waiting.`);
  }
}

function full(code: SottoError['code'], detail: string): SottoError {
  return new SottoError(code, detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
