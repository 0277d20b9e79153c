import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { Redis } from 'ioredis';
import { CATALOG } from '../catalog/catalog.ts';
import { openQueue } from '../redis/queues.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** Queues for bull-board. Job data are references, except for personal data such as prompts, which are masked. */
export function dashboardQueues(
  redis: Redis,
  settings: QueueSettings,
  options: { readOnly: boolean; onError?: (error: Error) => void },
): BullMQAdapter[] {
  return (settings.catalog ?? CATALOG).queueNames.map((name) => {
    const queue = openQueue(redis, settings.prefix, name, options.onError ?? (() => {}));
    const adapter = new BullMQAdapter(queue, { readOnlyMode: options.readOnly });
    adapter.setFormatter('data', masked);
    adapter.setFormatter('returnValue', masked);
    return adapter;
  });
}

const PERSONAL = new Set(['prompt', 'text', 'fileName', 'url', 'body']);

/** The value without personal texts, at any depth. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      PERSONAL.has(name) && typeof part === 'string' ? `(${part.length} characters)` : masked(part),
    ]),
  );
}
