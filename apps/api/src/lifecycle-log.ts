import type { Logger } from '@sotto/runtime';
import type { ApiSettings } from './settings/settings.ts';

/** Every line about the life of this process, in one place; lines about requests are http/request-log.ts's. */
export class LifecycleLog {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  configured(settings: ApiSettings, unusedNames: readonly string[]): void {
    for (const note of unusedNames) this.#logger.warning(note);
    if (!settings.keysEnabled) this.#logger.info('keys are off: whoever reaches this address may use it');
  }

  listening(address: string, version: string): void {
    this.#logger.info('listening', { address, version });
  }

  /** Once for each outage, however many connections have lost it. */
  redisAway(error: Error): void {
    this.#logger.warning('the queue (Redis) cannot be reached', { error });
  }

  redisThere(): void {
    this.#logger.info('connected to the queue (Redis)');
  }

  redisComplains(error: Error): void {
    this.#logger.warning('the queue (Redis) complains', { error });
  }
}
