import type { Heartbeat } from '@sotto/contracts';
import { HEARTBEAT_INTERVAL_MS, type Heartbeats } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';

/** Time a leaving worker gives Redis to take its last words. */
const FAREWELL_MS = 1000;

export interface HeartbeatDeps {
  heartbeats: Heartbeats;
  logger: Logger;
  /** The whole beat but its state. */
  describe(): Omit<Heartbeat, 'state'>;
}

/**
 * Tells the fleet that this worker lives, and what it has. starting -> ready -> stopping -> gone. While Redis is away
 * beats are skipped, not queued up.
 */
export class HeartbeatLoop {
  readonly #deps: HeartbeatDeps;
  readonly #timer: NodeJS.Timeout;
  #state: Heartbeat['state'] = 'starting';
  #atWork: Promise<void> | null = null;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_INTERVAL_MS);
  }

  /** Beats at once: others need not wait to hear of the change. */
  async enter(state: Heartbeat['state']): Promise<void> {
    this.#state = state;
    await this.beatNow();
  }

  /** Something that a beat tells has changed. */
  async beatNow(): Promise<void> {
    // The one at work may tell how it was before.
    await this.#atWork;
    await this.#beat();
  }

  async leave(): Promise<void> {
    await Promise.race([this.enter('stopping'), farewell()]);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const { workerId } = this.#deps.describe();
    await Promise.race([this.#deps.heartbeats.remove(workerId), farewell()]);
  }

  #beat(): Promise<void> {
    this.#atWork ??= this.#send().finally(() => {
      this.#atWork = null;
    });
    return this.#atWork;
  }

  async #send(): Promise<void> {
    try {
      await this.#deps.heartbeats.beat({ ...this.#deps.describe(), state: this.#state });
    } catch (error) {
      this.#deps.logger.warning('no heartbeat could be sent', { error });
    }
  }
}

const farewell = () => new Promise<void>((resolve) => setTimeout(resolve, FAREWELL_MS).unref());
