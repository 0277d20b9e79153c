import { enginesOf, type Heartbeat, type SpeechOffer, speechOfferSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { readOrSkip } from '../redis/readable.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** An offer that no worker has renewed for this long is forgotten, with all others. */
const OFFERS_TTL_MS = 7 * 24 * 3600 * 1000;

type Named = Pick<SpeechOffer, 'model' | 'digest'>;

const fieldOf = ({ model, digest }: Named): string => `${model}:${digest}`;

/**
 * What the engines of the fleet can speak. The lists are long and hardly ever change, so they are kept beside the
 * heartbeats, which only name the models.
 */
export class SpeechOffers {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #settings: QueueSettings;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#settings = settings;
  }

  async put(offers: readonly SpeechOffer[]): Promise<void> {
    if (offers.length === 0) return;
    const key = this.#keys.fleet.speechOffers;
    const fields = offers.flatMap((offer) => [fieldOf(offer), JSON.stringify(offer)]);
    await replies(
      this.#redis
        .pipeline()
        .hset(key, ...fields)
        .pexpire(key, OFFERS_TTL_MS),
    );
  }

  /** Those of living workers, each once; a worker's best first. */
  async of(workers: readonly Pick<Heartbeat, 'engines'>[]): Promise<SpeechOffer[]> {
    const models: Named[] = enginesOf(workers, 'speak').flatMap((engine) =>
      engine.models.map(({ name, digest }) => ({ model: name, digest })),
    );
    const fields = [...new Set(models.map(fieldOf))];
    if (fields.length === 0) return [];
    const jsons = await reach(this.#redis.hmget(this.#keys.fleet.speechOffers, ...fields));
    const read = (json: string, i: number) =>
      readOrSkip(this.#settings, 'voice', fields[i] ?? '', () => speechOfferSchema.parse(JSON.parse(json)));
    return jsons.flatMap((json, i) => (json === null ? [] : (read(json, i) ?? [])));
  }
}
