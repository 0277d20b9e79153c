import type { Heartbeat } from '@sotto/contracts';
import { HEARTBEAT_INTERVAL_MS, type Heartbeats } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';

/** How long a worker that stops waits for Redis to take its last beat. */
const LEAVE_TIMEOUT_MS = 1000;

export interface HeartbeatDeps {
  heartbeats: Heartbeats;
  logger: Logger;
  /** The beat, without its state. */
  describe(): Omit<Heartbeat, 'state'>;
}

/**
 * Tells the fleet that this worker is alive, and what it has. starting -> ready -> stopping -> gone. While Redis cannot
 * be reached, beats are skipped, not queued.
 */
export class HeartbeatLoop {
  readonly #deps: HeartbeatDeps;
  readonly #timer: NodeJS.Timeout;
  #state: Heartbeat['state'] = 'starting';
  #inProgress: Promise<void> | null = null;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_INTERVAL_MS);
  }

  /** Beats at once, so that others learn of the change. */
  async enter(state: Heartbeat['state']): Promise<void> {
    this.#state = state;
    await this.beatNow();
  }

  /** Beats at once, with what has changed since the last beat. */
  async beatNow(): Promise<void> {
    // A beat in progress may still hold what was before.
    await this.#inProgress;
    await this.#beat();
  }

  async leave(): Promise<void> {
    await Promise.race([this.enter('stopping'), leaveTimeout()]);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const { workerId } = this.#deps.describe();
    await Promise.race([this.#deps.heartbeats.remove(workerId), leaveTimeout()]);
  }

  #beat(): Promise<void> {
    this.#inProgress ??= this.#send().finally(() => {
      this.#inProgress = null;
    });
    return this.#inProgress;
  }

  async #send(): Promise<void> {
    try {
      await this.#deps.heartbeats.beat({ ...this.#deps.describe(), state: this.#state });
    } catch (error) {
      this.#deps.logger.warning('no heartbeat could be sent', { error });
    }
  }
}

const leaveTimeout = () => new Promise<void>((resolve) => setTimeout(resolve, LEAVE_TIMEOUT_MS).unref());
