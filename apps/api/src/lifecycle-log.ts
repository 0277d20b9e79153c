import type { EnvChanges, Logger } from '@sotto/runtime';
import type { ApiSettings } from './settings/settings.ts';

/** Of random letters and digits: 120 bits. */
const SAFE_KEY_LENGTH = 20;

/** Every line about the life of this process, in one place; lines about requests are http/request-log.ts's. */
export class LifecycleLog {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  configured(settings: ApiSettings, unusedNames: readonly string[]): void {
    for (const note of unusedNames) this.#logger.warning(note);
    if (!settings.keysEnabled)
      this.#logger.info('API keys are off: anyone who can reach this address can use the service');
    for (const [name, key] of Object.entries({ API_KEY: settings.apiKey, ADMIN_API_KEY: settings.adminApiKey })) {
      if (key === null || key.length >= SAFE_KEY_LENGTH) continue;
      this.#logger.warning(`${name} is short and can be guessed. Use at least ${SAFE_KEY_LENGTH} random characters.`);
    }
  }

  listening(address: string, version: string): void {
    this.#logger.info('Listening', { address, version });
  }

  reloaded(changes: EnvChanges): EnvChanges {
    this.#logger.info('The configuration was read again', { ...changes });
    return changes;
  }

  /** On a signal: nobody waits for an answer. */
  reloading(reload: () => EnvChanges): void {
    try {
      reload();
    } catch (error) {
      this.#logger.error('The configuration cannot be used and stays as it was', { error });
    }
  }

  /** Once per outage, however many connections were lost. */
  redisDisconnected(error: Error): void {
    this.#logger.warning('Cannot reach the queue (Redis)', { error });
  }

  redisConnected(): void {
    this.#logger.info('Connected to the queue (Redis)');
  }

  /** Redis had lost it. */
  restored(jobId: string): void {
    this.#logger.warning('A job that the queue (Redis) had lost was accepted again from its manifest', { jobId });
  }

  redisError(error: Error): void {
    this.#logger.warning('Redis reported an error', { error });
  }
}
