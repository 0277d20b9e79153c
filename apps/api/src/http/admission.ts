import { SottoError } from '@sotto/contracts';
import {
  type Backlog,
  type BacklogSize,
  type Heartbeats,
  type Producer,
  type QueueProbe,
  type QueueState,
  secondsUntilDone,
} from '@sotto/queue';
import { readMemory } from '@sotto/runtime';
import { Sampled } from '../fleet/sampled.ts';
import { fleetMsPerSecond } from '../fleet/worker-directory.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { Shutdown } from './shutdown.ts';
import type { Space } from './space.ts';

export interface AdmissionDeps {
  settings: Pick<ApiSettings, 'memoryThresholdPercent' | 'redisMemoryPercent' | 'maxQueueLength' | 'maxQueuedAudioMs'>;
  space: Pick<Space, 'health'>;
  producer: Pick<Producer, 'counts'>;
  backlog: Pick<Backlog, 'size'>;
  heartbeats: Pick<Heartbeats, 'list'>;
  probe: Pick<QueueProbe, 'read' | 'mayWrite'>;
  shutdown: Shutdown;
}

const SAMPLE_MS = 1_000;
const RETRY_AFTER_SECONDS = 10;
const HOUR_MS = 3_600_000;

/** Whether there is capacity for new work; checked before any of an upload is read. */
export class Admission {
  readonly #deps: AdmissionDeps;
  readonly #memory: Sampled<number>;
  readonly #waiting: Sampled<number>;
  readonly #backlog: Sampled<BacklogSize>;
  readonly #queue: Sampled<QueueState>;
  readonly #mayWrite: Sampled<boolean>;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
    this.#memory = new Sampled(SAMPLE_MS, async () => readMemory().percent);
    this.#backlog = new Sampled(SAMPLE_MS, () => deps.backlog.size());
    this.#queue = new Sampled(SAMPLE_MS, () => deps.probe.read());
    this.#mayWrite = new Sampled(0, () => deps.probe.mayWrite());
    this.#waiting = new Sampled(SAMPLE_MS, async () => (await deps.producer.counts()).waiting);
  }

  /**
   * Space on the disk is looked at elsewhere (Space), for every body.
   *
   * @throws SottoError `shutting_down`, `queue_memory_full`, `memory_pressure`, `storage_unavailable`, `service_full`,
   *   `queue_unavailable`.
   */
  async check(): Promise<void> {
    const { settings, shutdown, space } = this.#deps;
    if (shutdown.signal.aborted)
      throw full('shutting_down', 'Try again: another replica will take the request, or this one after its restart.');
    const [memoryPercent, storage, waiting, backlog, queue, mayWrite] = await Promise.all([
      this.#memory.value(),
      space.health(({ writable }) => writable),
      this.#waiting.value((runs) => runs < settings.maxQueueLength),
      this.#backlog.value(),
      this.#queue.value((state) => hasRoom(state, settings)),
      // The other figures may be from before an outage, and an upload must not be read for nothing. Concurrent requests
      // share one question.
      this.#mayWrite.fresh(),
    ]);
    if (!mayWrite || !hasRoom(queue, settings)) {
      const percent = mayWrite ? (queue.memoryPercent ?? 100) : 100;
      throw full('queue_memory_full', `${Math.round(percent)} % of the queue's memory is in use.`);
    }
    if (settings.memoryThresholdPercent < 100 && memoryPercent > settings.memoryThresholdPercent) {
      throw full('memory_pressure', `${Math.round(memoryPercent)} % of the memory is in use.`);
    }
    if (!storage.writable) throw full('storage_unavailable', 'Uploads cannot be stored at the moment.');
    if (waiting >= settings.maxQueueLength) {
      const oneOfThemMs = backlog.cost / Math.max(1, backlog.runs);
      throw full('service_full', `${waiting} recordings are waiting.`, await this.#secondsFor(oneOfThemMs));
    }
    const excessMs = backlog.cost - settings.maxQueuedAudioMs;
    if (excessMs >= 0) {
      const hours = (backlog.cost / HOUR_MS).toFixed(1);
      throw full('service_full', `${hours} hours of audio are waiting.`, await this.#secondsFor(excessMs));
    }
  }

  /** How long the workers take for so much sound, at the speed they measured. */
  async #secondsFor(audioMs: number): Promise<number> {
    const workers = await this.#deps.heartbeats.list();
    return secondsUntilDone(audioMs, fleetMsPerSecond({ workers }));
  }
}

function full(code: SottoError['code'], detail: string, retryAfterSeconds = RETRY_AFTER_SECONDS): SottoError {
  return new SottoError(code, detail, { retryAfterSeconds });
}

/** New work is refused while running jobs can still write their results. */
export function hasRoom(
  { isWritable, memoryPercent }: QueueState,
  { redisMemoryPercent }: Pick<ApiSettings, 'redisMemoryPercent'>,
): boolean {
  return isWritable && (redisMemoryPercent >= 100 || memoryPercent === null || memoryPercent < redisMemoryPercent);
}
