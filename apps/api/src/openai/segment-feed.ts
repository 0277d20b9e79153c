import type { Segment, WindowResult } from '@sotto/contracts';

/**
 * The segments of a run, one by one, behind its text events: an event is written only when its window's result is
 * stored. At the end of a run the windows' results go, and the transcript has what is left.
 */
export class SegmentFeed {
  readonly #result: (window: number) => Promise<WindowResult | null>;
  #waiting: Segment[] = [];
  #window = 0;
  #last: Segment | null = null;

  /** @param result of a window; null when it is not kept any more. */
  constructor(result: (window: number) => Promise<WindowResult | null>) {
    this.#result = result;
  }

  /** The segment that `next` returned last. */
  get last(): Segment | null {
    return this.#last;
  }

  /** Call once for each text event. null: the run has ended. */
  async next(): Promise<Segment | null> {
    while (this.#waiting.length === 0) {
      const result = await this.#result(this.#window);
      if (result === null) return null;
      this.#window += 1;
      this.#waiting = [...result.segments];
    }
    this.#last = this.#waiting.shift() ?? null;
    return this.#last;
  }
}
