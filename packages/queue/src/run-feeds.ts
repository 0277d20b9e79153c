import type { StoredRunEvent } from '@sotto/contracts';
import { type Doorbells, LOOK_AGAIN_MS } from './doorbells.ts';

/** Events for one follower, since it last took some. waiting -> ended or failed; what came before is still taken. */
export class Inbox {
  #events: StoredRunEvent[] = [];
  #isOver = false;
  #error: unknown = null;
  #wake: () => void = () => {};

  push(events: readonly StoredRunEvent[]): void {
    this.#events.push(...events);
    this.#wake();
  }

  /** `error`: why nothing more comes, if that is one. */
  close(error: unknown = null): void {
    this.#isOver = true;
    this.#error = error;
    this.#wake();
  }

  /** null: nothing more comes. */
  async take(): Promise<StoredRunEvent[] | null> {
    if (this.#events.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#events.length === 0 && this.#error !== null) throw this.#error;
    if (this.#events.length === 0) return null;
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

export interface FeedSource {
  channel(runId: string): string;
  /** Id of the newest event; '0-0' when there is none. */
  newestId(runId: string): Promise<string>;
  read(runId: string, afterId: string): Promise<StoredRunEvent[]>;
  isProcessing(runId: string): Promise<boolean>;
}

/** One run's new events, read once for all its followers in this process. */
class RunFeed {
  readonly inboxes = new Set<Inbox>();
  readonly #runId: string;
  readonly #source: FeedSource;
  readonly #timer: NodeJS.Timeout;
  #newestId: string | null = null;
  #pumping = false;
  #rungMeanwhile = false;

  constructor(runId: string, source: FeedSource) {
    this.#runId = runId;
    this.#source = source;
    this.#timer = setInterval(() => void this.#lookAround(), LOOK_AGAIN_MS);
  }

  /** Whoever joins from now on misses nothing: what is older he reads himself, what is newer comes to his inbox. */
  async open(): Promise<void> {
    this.#newestId = await this.#source.newestId(this.#runId);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  ring(): void {
    void this.#pump();
  }

  async #pump(): Promise<number> {
    this.#rungMeanwhile = true;
    if (this.#pumping || this.#newestId === null) return 0;
    this.#pumping = true;
    let count = 0;
    try {
      while (this.#rungMeanwhile) {
        this.#rungMeanwhile = false;
        const events = await this.#source.read(this.#runId, this.#newestId);
        this.#newestId = events.at(-1)?.id ?? this.#newestId;
        count += events.length;
        if (events.length > 0) for (const inbox of this.inboxes) inbox.push(events);
      }
    } catch (error) {
      for (const inbox of this.inboxes) inbox.close(error);
    } finally {
      this.#pumping = false;
    }
    return count;
  }

  /** A ring may have been lost, and a run that expires does not ring. */
  async #lookAround(): Promise<void> {
    try {
      const isProcessing = await this.#source.isProcessing(this.#runId);
      await this.#pump();
      if (!isProcessing && !this.#pumping) for (const inbox of this.inboxes) inbox.close();
    } catch (error) {
      for (const inbox of this.inboxes) inbox.close(error);
    }
  }
}

/** The feeds that somebody in this process follows. */
export class RunFeeds {
  readonly #doorbells: Doorbells;
  readonly #source: FeedSource;
  readonly #feeds = new Map<string, { feed: RunFeed; opened: Promise<() => void> }>();

  constructor(doorbells: Doorbells, source: FeedSource) {
    this.#doorbells = doorbells;
    this.#source = source;
  }

  /** Resolves when every later event will reach the inbox. */
  async join(runId: string, inbox: Inbox): Promise<() => void> {
    const entry = this.#feeds.get(runId) ?? this.#open(runId);
    entry.feed.inboxes.add(inbox);
    const leave = () => {
      entry.feed.inboxes.delete(inbox);
      if (entry.feed.inboxes.size > 0 || this.#feeds.get(runId) !== entry) return;
      this.#feeds.delete(runId);
      entry.feed.close();
      entry.opened.then((unlisten) => unlisten()).catch(() => {});
    };
    try {
      await entry.opened;
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  #open(runId: string) {
    const feed = new RunFeed(runId, this.#source);
    const opened = this.#doorbells.listen(this.#source.channel(runId), feed).then(async (unlisten) => {
      try {
        await feed.open();
        return unlisten;
      } catch (error) {
        unlisten();
        throw error;
      }
    });
    const entry = { feed, opened };
    this.#feeds.set(runId, entry);
    return entry;
  }
}

/** Orders stream ids, `MS-NUMBER`. */
export function isAfter(id: string, other: string): boolean {
  const [ms = '0', number = '0'] = id.split('-');
  const [otherMs = '0', otherNumber = '0'] = other.split('-');
  const difference = BigInt(ms) - BigInt(otherMs);
  return difference === 0n ? BigInt(number) > BigInt(otherNumber) : difference > 0n;
}
