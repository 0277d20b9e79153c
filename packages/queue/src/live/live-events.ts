import { type LiveEvent, liveEventSchema, type StoredLiveEvent } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { EventStreams } from '../events/event-streams.ts';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { Notifications } from '../redis/notifications.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** The events of live sessions. */
export class LiveEvents {
  readonly #streams: EventStreams<StoredLiveEvent>;

  /** `subscriber`: as for RunEvents. */
  constructor(redis: Redis, subscriber: Redis, settings: QueueSettings) {
    const { live } = new Keys(settings.prefix);
    this.#streams = new EventStreams(redis, new Notifications(subscriber), {
      streamKey: (id) => live.events(id),
      channel: (id) => live.notifications(id),
      parse: (id, json) => ({ id, event: eventOf(json) }),
      isKnown: ({ event }) => event.type !== 'unknown',
      isLast: ({ event }) => event.type === 'ended',
      isOpen: async (id) => {
        const [exists, isOver] = await reach(redis.hmget(live.record(id), 'id', 'isOver'));
        return exists != null && isOver == null;
      },
    });
  }

  /** As EventStreams.follow, until the session is over. */
  follow(id: string, afterId: string | null, signal: AbortSignal): AsyncGenerator<StoredLiveEvent, void> {
    return this.#streams.follow(id, afterId, signal);
  }
}

function eventOf(json: string): LiveEvent {
  const { data, success } = liveEventSchema.safeParse(JSON.parse(json));
  return success ? data : { type: 'unknown' };
}
