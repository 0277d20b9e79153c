import { database, type StoredLive, type StoredSound } from '../../../storage/database.ts';
import { becomesFree, heldInBrowser, holdInBrowser } from '../../../storage/lock.ts';
import type { LiveLine } from './live-text.ts';

/** So long a tab that was closed or loaded again may still seem to be there. */
const FREE_WITHIN_MS = 2_000;

/** A session as this browser keeps it: what was said is here until the service has it, and the text until it is thrown away. */
export class KeptSession {
  #record: StoredLive;
  readonly #letGo: () => void;
  /** Number of the next sample. */
  #end: number;
  #written: Promise<unknown> = Promise.resolve();
  #isRemoved = false;

  private constructor(record: StoredLive, end: number) {
    this.#record = record;
    this.#end = end;
    this.#letGo = holdInBrowser(lockOf(record));
  }

  static async begin(options: object, source: object): Promise<KeptSession> {
    const nowMs = Date.now();
    const record: StoredLive = {
      id: String(nowMs),
      startedAtMs: nowMs,
      seenAtMs: nowMs,
      options: { ...options },
      source: { ...source },
      isPaused: false,
      isClosed: false,
      isOver: false,
      session: null,
      part: 0,
      fromSample: 0,
      acknowledged: 0,
      jobIds: [],
    };
    await (await database()).put('lives', record);
    return new KeptSession(record, 0);
  }

  /** That one, or the newest that no tab is at; null: there is none. @param ownId of the one that this tab was at */
  static async left(ownId: string | null): Promise<KeptSession | null> {
    const all = await (await database()).getAll('lives');
    const own = all.find(({ id }) => id === ownId);
    const isOwnFree = own !== undefined && (await becomesFree(lockOf(own), FREE_WITHIN_MS));
    const held = await heldInBrowser();
    const record = isOwnFree ? own : all.filter((each) => !held.has(lockOf(each))).at(-1);
    if (record === undefined) return null;
    const cursor = await (await database()).transaction('liveSound').store.openCursor(rowsOf(record.id), 'prev');
    return new KeptSession(record, Math.max(record.acknowledged, cursor === null ? 0 : endOf(cursor.value)));
  }

  get record(): Readonly<StoredLive> {
    return this.#record;
  }

  /** How many samples there are. */
  get end(): number {
    return this.#end;
  }

  async lines(): Promise<LiveLine[]> {
    const rows = await (await database()).getAll('liveLines', rowsOf(this.#record.id));
    return rows.map(({ line }) => line as LiveLine);
  }

  /** No more is said, and all that was is stored. */
  async close(): Promise<void> {
    await this.#written;
    await this.change({ isClosed: true, isPaused: true });
  }

  /** In effect at once. Rejects where the browser has no room. */
  async change(changes: Partial<StoredLive>): Promise<void> {
    this.#record = { ...this.#record, ...changes, seenAtMs: Date.now() };
    if (this.#isRemoved) return;
    await (await database()).put('lives', this.#record);
  }

  /** A line as it is now, together with the event that made it: neither is there without the other. */
  async addLine(line: LiveLine, session: NonNullable<StoredLive['session']>): Promise<void> {
    this.#record = { ...this.#record, session };
    if (this.#isRemoved) return;
    const transaction = (await database()).transaction(['lives', 'liveLines'], 'readwrite');
    await Promise.all([
      transaction.objectStore('liveLines').put({ liveId: this.#record.id, index: line.index, line }),
      transaction.objectStore('lives').put(this.#record),
      transaction.done,
    ]);
  }

  /** Resolves when it is stored, and all before. */
  addSound(samples: Int16Array<ArrayBuffer>): Promise<void> {
    const row: StoredSound = { liveId: this.#record.id, at: this.#end, samples };
    this.#end += samples.length;
    const written = this.#written.then(async () => void (await (await database()).put('liveSound', row)));
    this.#written = written.catch(() => {});
    return written;
  }

  /** The first sound at that sample or after it; null: there is none yet. */
  async soundFrom(sample: number): Promise<StoredSound | null> {
    const { id } = this.#record;
    const { store } = (await database()).transaction('liveSound');
    return (await store.openCursor(IDBKeyRange.bound([id, sample], rowsOf(id).upper)))?.value ?? null;
  }

  /** The service has what comes before. */
  async forgetSound(beforeSample: number): Promise<void> {
    if (beforeSample <= 0) return;
    const { id } = this.#record;
    await (await database()).delete('liveSound', IDBKeyRange.bound([id, 0], [id, beforeSample], false, true));
  }

  /** Nothing of it is left here. */
  async remove(): Promise<void> {
    const { id } = this.#record;
    this.#isRemoved = true;
    await this.#written;
    const transaction = (await database()).transaction(['lives', 'liveSound', 'liveLines'], 'readwrite');
    await Promise.all([
      transaction.objectStore('lives').delete(id),
      transaction.objectStore('liveSound').delete(rowsOf(id)),
      transaction.objectStore('liveLines').delete(rowsOf(id)),
      transaction.done,
    ]);
    this.#letGo();
  }
}

const lockOf = ({ id }: StoredLive): string => `live.${id}`;

const rowsOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);

const endOf = ({ at, samples }: StoredSound): number => at + samples.length;
