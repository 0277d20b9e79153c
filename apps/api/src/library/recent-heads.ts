import type { Item } from '@sotto/library';
import type { EditedTranscript } from '@sotto/transcript';

/** A transcript before its first edit, and after the newest one that is known here. */
export interface Heads {
  start: EditedTranscript;
  head: EditedTranscript;
}

/** Some 30 hours of talk, which take about 60 MB. */
const MAX_SEGMENTS = 24_000;

type Identity = Pick<Item, 'id' | 'createdAt'>;

/** The transcripts that were edited last. */
export class RecentHeads {
  /** The one that was used last is the last one. */
  readonly #heads = new Map<string, Heads>();
  #segments = 0;

  get(item: Identity): Heads | undefined {
    const heads = this.#heads.get(nameOf(item));
    if (heads !== undefined) this.put(item, heads);
    return heads;
  }

  put(item: Identity, heads: Heads): void {
    this.#remove(nameOf(item));
    this.#heads.set(nameOf(item), heads);
    this.#segments += sizeOf(heads);
    for (const name of this.#heads.keys()) {
      if (this.#segments <= MAX_SEGMENTS || this.#heads.size === 1) return;
      this.#remove(name);
    }
  }

  #remove(name: string): void {
    const heads = this.#heads.get(name);
    if (heads === undefined) return;
    this.#heads.delete(name);
    this.#segments -= sizeOf(heads);
  }
}

/** One that was deleted and imported again may be another. */
const nameOf = ({ id, createdAt }: Identity): string => `${id} ${createdAt.getTime()}`;

const sizeOf = ({ start }: Heads): number => start.slots.indices.size;
