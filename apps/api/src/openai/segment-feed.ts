import type { Segment } from '@sotto/contracts';
import type { Runs } from '@sotto/queue';

export type SegmentSource = Pick<Runs, 'windowResult' | 'transcript'>;

/**
 * The segments of a run, one by one, behind its text events: an event is written only when its window's result is
 * stored. At the end of a run the windows' results go, and the transcript has all segments in the same order.
 */
export class SegmentFeed {
  readonly #runId: string;
  readonly #runs: SegmentSource;
  #waiting: Segment[] = [];
  #window = 0;
  #taken = 0;

  constructor(runId: string, runs: SegmentSource) {
    this.#runId = runId;
    this.#runs = runs;
  }

  /** Call once for each text event. null: the run has ended without a transcript. */
  async next(): Promise<Segment | null> {
    while (this.#waiting.length === 0) {
      if (!(await this.#fill())) return null;
    }
    this.#taken += 1;
    return this.#waiting.shift() ?? null;
  }

  /** false: nothing will come any more. */
  async #fill(): Promise<boolean> {
    const result = await this.#runs.windowResult(this.#runId, this.#window);
    if (result !== null) {
      this.#window += 1;
      this.#waiting = [...result.segments];
      return true;
    }
    const transcript = await this.#runs.transcript(this.#runId);
    this.#waiting = transcript?.segments.slice(this.#taken) ?? [];
    return this.#waiting.length > 0;
  }
}
