import type { Segment, Transcript, WindowResult } from '@sotto/contracts';

/** Where the results of windows are while they are kept, and the whole transcript afterwards. */
export interface SegmentSource {
  window(index: number): Promise<WindowResult | null>;
  transcript(): Promise<Transcript | null>;
}

/**
 * The segments of a run, one by one, behind its text events: an event is written only when its window's result is
 * stored. At the end of a run the windows' results go; the transcript has the segments in the same order, without those that
 * only the whole recording showed to be made up.
 */
export class SegmentFeed {
  readonly #source: SegmentSource;
  #waiting: Segment[] = [];
  #window = 0;
  #last: Segment | null = null;

  constructor(source: SegmentSource) {
    this.#source = source;
  }

  /** Call once for each text event. null: the run has ended without a transcript. */
  async next(): Promise<Segment | null> {
    while (this.#waiting.length === 0) {
      if (!(await this.#fill())) return null;
    }
    this.#last = this.#waiting.shift() ?? null;
    return this.#last;
  }

  /** false: nothing will come any more. */
  async #fill(): Promise<boolean> {
    const result = await this.#source.window(this.#window);
    if (result !== null) {
      this.#window += 1;
      this.#waiting = [...result.segments];
      return true;
    }
    const transcript = await this.#source.transcript();
    this.#waiting = transcript?.segments.filter((segment) => isAfter(segment, this.#last)) ?? [];
    return this.#waiting.length > 0;
  }
}

function isAfter({ startMs, endMs }: Segment, last: Segment | null): boolean {
  return last === null || startMs > last.startMs || (startMs === last.startMs && endMs > last.endMs);
}
