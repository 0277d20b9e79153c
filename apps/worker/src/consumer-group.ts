import type { Role } from '@sotto/contracts';
import { type Consumers, type Handlers, startConsumers } from '@sotto/queue';
import { redisAddressOf } from '@sotto/runtime';
import type { WorkerDeps } from './deps.ts';
import { aroundJobs } from './events/around-jobs.ts';
import type { OnWorkerEvent } from './events/worker-event.ts';

export interface ConsumerGroupDeps extends Pick<WorkerDeps, 'env' | 'settings' | 'origins' | 'logger'> {
  handlers: Handlers;
  /** Of the engines. */
  slots: { transcribe: number; speak: number };
  onEvent: OnWorkerEvent;
}

/** All that takes jobs in this process: a role may join while the worker is running, when its voices are installed. */
export class ConsumerGroup implements Pick<Consumers, 'rest' | 'resume' | 'drain' | 'isHealthy' | 'isAlive'> {
  readonly #deps: ConsumerGroupDeps;
  readonly #all: Consumers[] = [];
  readonly #roles = new Set<Role>();
  #isResting = false;
  #isDraining = false;

  constructor(deps: ConsumerGroupDeps) {
    this.#deps = deps;
  }

  /** Starts taking jobs of these roles. @throws what keeps it from that */
  async join(roles: readonly Role[]): Promise<void> {
    for (const role of roles) this.#roles.add(role);
    const consumers = await this.#start(roles);
    this.#all.push(consumers);
    // What was asked of all of them meanwhile.
    if (this.#isResting) await consumers.rest();
    if (this.#isDraining) await consumers.drain(0);
  }

  /** Unless it takes them already. Never rejects. */
  async joinLater(role: Role): Promise<void> {
    if (this.#roles.has(role) || this.#isDraining) return;
    try {
      await this.join([role]);
      this.#deps.logger.info('takes jobs of another role', { role });
    } catch (error) {
      this.#roles.delete(role);
      this.#deps.logger.warning('jobs of another role cannot be taken', { role, error });
    }
  }

  async rest(): Promise<void> {
    this.#isResting = true;
    await Promise.all(this.#all.map((consumers) => consumers.rest()));
  }

  resume(): void {
    this.#isResting = false;
    for (const consumers of this.#all) consumers.resume();
  }

  async drain(graceMs: number): Promise<void> {
    this.#isDraining = true;
    await Promise.all(this.#all.map((consumers) => consumers.drain(graceMs)));
  }

  isHealthy(): Promise<boolean> {
    return allOf(this.#all.map((consumers) => consumers.isHealthy()));
  }

  isAlive(): Promise<boolean> {
    return allOf(this.#all.map((consumers) => consumers.isAlive()));
  }

  #start(roles: readonly Role[]): Promise<Consumers> {
    const { env, settings, slots, handlers, onEvent, origins } = this.#deps;
    return startConsumers({
      redisUrl: redisAddressOf(env),
      settings,
      roles,
      outageLimitMs: env.OUTAGE_LIMIT * 1000,
      concurrency: {
        prepare: env.PREPARE_CONCURRENCY,
        transcribe: Math.max(1, slots.transcribe),
        speak: Math.max(1, slots.speak),
      },
      handlers,
      onEvent: (event) => onEvent({ type: 'job', event }),
      around: aroundJobs(origins),
    });
  }
}

const allOf = async (checks: Promise<boolean>[]): Promise<boolean> => (await Promise.all(checks)).every(Boolean);
