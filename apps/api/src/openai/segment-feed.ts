import { type Segment, SottoError } from '@sotto/contracts';
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

  /** Call once for each text event. */
  async next(): Promise<Segment> {
    while (this.#waiting.length === 0) await this.#fill();
    const segment = this.#waiting.shift();
    if (segment === undefined) throw new SottoError('internal_error', 'A segment was told of and is not there.');
    this.#taken += 1;
    return segment;
  }

  async #fill(): Promise<void> {
    const result = await this.#runs.windowResult(this.#runId, this.#window);
    if (result !== null) {
      this.#window += 1;
      this.#waiting = result.segments;
      return;
    }
    const transcript = await this.#runs.transcript(this.#runId);
    this.#waiting = transcript?.segments.slice(this.#taken) ?? [];
    if (this.#waiting.length === 0) throw new SottoError('result_expired', 'The run has lost its result.');
  }
}
