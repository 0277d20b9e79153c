import type { Redis } from 'ioredis';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { Keys } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { type QueueSettings, Retention } from '../redis/settings.ts';

/** What every step of a run needs: where runs are stored, under which names, for how long, and what kinds there are. */
export interface RunStore {
  redis: Redis;
  keys: Keys;
  retention: Retention;
  catalog: Catalog;
  parts: ScriptParts;
}

export function openRunStore(redis: Redis, settings: QueueSettings): RunStore {
  const keys = new Keys(settings.prefix);
  return {
    redis,
    keys,
    retention: new Retention(settings),
    catalog: settings.catalog ?? CATALOG,
    parts: new ScriptParts(keys),
  };
}
