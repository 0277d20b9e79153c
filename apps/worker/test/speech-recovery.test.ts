/** @alone It kills workers in the middle of their work, and their heirs keep every core busy. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SpeechResult, SpeechRun } from '@sotto/contracts';
import { type Child, waitFor } from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { foundBy, jobsOf, leftBy, takenTwice } from './job-logs.ts';
import { endedText, submitText } from './spoken.ts';

jest.setTimeout(300_000);

/** Of a book, on a machine that may be busy. */
const SPOKEN_WITHIN_MS = 150_000;

const BOOK = Array.from({ length: 100 }, (_, i) => `Sentence ${i + 1} of a book goes on, whoever dies meanwhile.`).join(
  ' ',
);
const SPEAKS = ['prepare', 'speak'];
/** Pieces that a worker has at once: the engine speaks one, another is read or stored, of each of two queues. */
const AT_ONCE = 4;

describe('workers that die while a book is spoken', () => {
  let fleet: Fleet;
  let undisturbed: Buffer;

  beforeEach(async () => {
    // What one has spoken is spoken again.
    fleet = await Fleet.start({ roles: [SPEAKS], env: { SPEECH_CACHE_TTL: '0' } });
    undisturbed = await soundOf(await submitText(fleet, BOOK));
    await fleet.addWorker(SPEAKS);
  });

  afterEach(() => fleet.close());

  async function soundOf({ id }: Pick<SpeechRun, 'id'>): Promise<Buffer> {
    const result = await fleet.runs.result<SpeechResult>(await endedText(fleet, id, SPOKEN_WITHIN_MS));
    return fleet.blobs.read(result?.audio.blobKey ?? '');
  }

  /** How many pieces of it are done, of how many. */
  async function pieces(runId: string): Promise<{ done: number; total: number }> {
    const run = await fleet.runs.run(runId);
    return run?.kind === 'speech' ? { done: run.piecesDone, total: run.piecesTotal ?? 0 } : { done: 0, total: 0 };
  }

  async function begin(): Promise<string> {
    const { id } = await submitText(fleet, BOOK);
    await spoken(id, 20);
    return id;
  }

  async function spoken(runId: string, least: number): Promise<void> {
    await waitFor(async () => (await pieces(runId)).done >= least, {
      what: `${least} pieces`,
      timeoutMs: 60_000,
      intervalMs: 2,
    });
  }

  /** @returns its pieces that were spoken twice, or begun to be */
  async function expectTheSame(runId: string, workers: Child[]): Promise<string[]> {
    const ended = await endedText(fleet, runId, SPOKEN_WITHIN_MS);
    expect(ended).toMatchObject({ status: 'completed', progress: 100, piecesDone: ended.piecesTotal });
    expect((await soundOf(ended)).equals(undisturbed)).toBe(true);
    // The first one is spoken by the worker that has read the text, without a job.
    const own = new Set(jobsOf(workers, 'piece', 'job taken').filter((id) => id.startsWith(runId)));
    expect(own.size).toBe((ended.piecesTotal ?? 0) - 1);
    const found = new Set(foundBy(workers, 'piece', 'piece had been spoken before', 1));
    return takenTwice(workers, 'piece').filter((id) => !found.has(id));
  }

  it('SIGKILL costs no more than the pieces that it had in hand', async () => {
    const runId = await begin();
    const workers = fleet.workers.map(({ process }) => process);
    await workers[1]?.kill9();
    const inHand = leftBy(workers.slice(1), 'piece');
    expect(inHand.length).toBeLessThanOrEqual(AT_ONCE);
    expect(inHand).toEqual(expect.arrayContaining(await expectTheSame(runId, workers)));
  });

  it('SIGKILL of every worker, twice: new ones go on where they were', async () => {
    const runId = await begin();
    const dead: Child[] = [];
    for (const least of [20, 50]) {
      await spoken(runId, least);
      const alive = fleet.workers.map(({ process }) => process).filter(({ exit }) => exit === null);
      await Promise.all(alive.map((worker) => worker.kill9()));
      dead.push(...alive);
      await Promise.all([fleet.addWorker(SPEAKS), fleet.addWorker(SPEAKS)]);
    }
    const inHand = leftBy(dead, 'piece');
    expect(inHand.length).toBeLessThanOrEqual(dead.length * AT_ONCE);
    const workers = fleet.workers.map(({ process }) => process);
    expect(inHand).toEqual(expect.arrayContaining(await expectTheSame(runId, workers)));
  });
});
