import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunEvent } from '@sotto/contracts';
import type { RedisServer } from '@sotto/testkit';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import { asRun, attachInput, Bench, planOf, startRedis, windowResult } from './harness.ts';

let server: RedisServer;
let bench: Bench;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
});
afterEach(() => bench.close());

async function planned(windows: number): Promise<string> {
  const { run } = await bench.runs.attach(attachInput());
  await bench.runs.start(run);
  await bench.windows.planned(run, planOf(windows));
  return run.id;
}

const events = async (runId: string): Promise<RunEvent[]> => (await bench.events.read(runId)).map(({ event }) => event);

describe('text events', () => {
  const texts = fc.array(fc.array(anyString({ maxLength: 12 }), { maxLength: 4 }), {
    minLength: 1,
    maxLength: 9,
  });

  it('come once and in the order of the recording, in whatever order and however often windows end', async () => {
    const cases = texts.chain((windows) => {
      const indexes = windows.map((_, index) => index);
      const all = fc.shuffledSubarray(indexes, { minLength: indexes.length });
      return fc.tuple(fc.constant(windows), all, fc.array(fc.constantFrom(...indexes), { maxLength: 5 }));
    });
    await fc.assert(
      fc.asyncProperty(cases, async ([windows, order, repeats]) => {
        const runId = await planned(windows.length);
        const finish = (index: number) => bench.windows.complete(runId, windowResult(index, windows[index] ?? []));
        const [first = 0, ...rest] = order;
        expect(await finish(first)).toBe(true);
        expect(await finish(first)).toBe(false);
        await Promise.all([...rest, ...repeats].map(finish));

        const told = await events(runId);
        expect(told.flatMap((event) => (event.type === 'text' ? [event.text] : []))).toEqual(windows.flat());
        const starts = told.flatMap((event) => (event.type === 'text' ? [event.startMs] : []));
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        expect(await bench.windows.results(runId)).toEqual(
          windows.map((segments, index) => windowResult(index, segments)),
        );
        const run = await bench.runs.run(runId);
        expect(run).toMatchObject({ windowsDone: windows.length, progress: 95 });
        await bench.runs.cancel(asRun(runId));
      }),
      { numRuns: 60 },
    );
    expect(await bench.lasting()).toEqual([]);
  });

  it('of a window wait for those before it', async () => {
    const runId = await planned(3);
    await bench.windows.complete(runId, windowResult(1, ['b']));
    await bench.windows.complete(runId, windowResult(2, ['c']));
    expect((await events(runId)).filter(({ type }) => type === 'text')).toEqual([]);
    await bench.windows.complete(runId, windowResult(0, ['a']));
    expect((await events(runId)).filter(({ type }) => type === 'text')).toHaveLength(3);
  });
});

describe('progress', () => {
  it('never goes back, stays between 5 and 95, and is published once per percent', async () => {
    const step = fc.oneof(
      fc.record({ done: fc.constant(false), index: fc.nat(5), fraction: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ done: fc.constant(true), index: fc.nat(5), fraction: fc.constant(1) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const runId = await planned(6);
        let before = 5;
        for (const { done, index, fraction } of steps) {
          if (done) await bench.windows.complete(runId, windowResult(index, []));
          else await bench.windows.progress(runId, index, fraction);
          const now = (await bench.runs.run(runId))?.progress ?? 0;
          expect(now).toBeGreaterThanOrEqual(before);
          expect(now).toBeLessThanOrEqual(95);
          before = now;
        }
        const told = (await events(runId)).flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
        expect(new Set(told).size).toBe(told.length);
        expect(told).toEqual([...told].sort((a, b) => a - b));
        await bench.runs.cancel(asRun(runId));
      }),
      { numRuns: 40 },
    );
  });

  it('counts fractions of windows that are being decoded', async () => {
    const runId = await planned(2);
    await bench.windows.progress(runId, 0, 0.5);
    expect((await bench.runs.run(runId))?.progress).toBe(27.5);
    await bench.windows.complete(runId, windowResult(0, []));
    expect((await bench.runs.run(runId))?.progress).toBe(50);
    await bench.windows.progress(runId, 0, 0.1);
    expect((await bench.runs.run(runId))?.progress).toBe(50);
  });
});

describe('plan', () => {
  it('stays as first stored', async () => {
    const runId = await planned(2);
    expect(await bench.windows.planned(asRun(runId), planOf(7))).toEqual(planOf(2));
    expect(await bench.windows.plan(runId)).toEqual(planOf(2));
    expect(await bench.runs.run(runId)).toMatchObject({ windowsTotal: 2, durationMs: 58_000, stage: 'transcribing' });
  });

  it('adds its warnings to the run, each once', async () => {
    const { run } = await bench.runs.attach(attachInput());
    const truncated = { code: 'truncated', detail: 'Ends "early"\nafter 3 s.' };
    await bench.windows.planned(run, { ...planOf(1), warnings: [truncated] });
    const fallback = { code: 'float32', detail: 'f16 is used.' };
    await bench.runs.warn(run.id, fallback);
    await bench.runs.warn(run.id, fallback);
    await bench.runs.warn(run.id, truncated);
    expect((await bench.runs.run(run.id))?.warnings).toEqual([truncated, fallback]);
  });

  it('of a cancelled run is refused with job_cancelled', async () => {
    const { run } = await bench.runs.attach(attachInput());
    await bench.runs.cancel(run);
    await expect(bench.windows.planned(run, planOf(1))).rejects.toMatchObject({ code: 'job_cancelled' });
  });
});

describe('stages', () => {
  it('only go forward', async () => {
    const runId = await planned(1);
    expect(await bench.runs.setStage(asRun(runId), 'preparing')).toBe(false);
    expect(await bench.runs.setStage(asRun(runId), 'assembling')).toBe(true);
    expect(await bench.runs.run(runId)).toMatchObject({ stage: 'assembling', progress: 95 });
    expect(await bench.runs.start(asRun(runId))).toMatchObject({ stage: 'assembling' });
  });
});
