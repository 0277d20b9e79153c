/**
 * @busy It kills workers in the middle of their work, and their heirs keep every core busy.
 * @long
 */
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Child, encodeWav, type Service, startService, waitFor, writeWav } from '@sotto/testkit';
import { asTranscription, Fleet } from './fleet.ts';
import { foundBy, jobsOf, leftBy, takenTwice } from './job-logs.ts';
import { makeTalk } from './talk.ts';

jest.setTimeout(300_000);

const TEN_MINUTES_MS = 600_000;
const ENGLISH = { options: { language: 'en' as const } };

let samples: Int16Array;
let undisturbed: string;

/** Windows a worker decodes together, and so has in flight, on a machine with memory enough. */
const ROWS = 8;

/** Windows that were transcribed more than once, or begun to be; all `windows` of them must have been begun. */
function twice(workers: Child[], windows: number | null): string[] {
  expect(new Set(jobsOf(workers, 'window', 'job taken')).size).toBe(windows);
  const found = new Set(foundBy(workers, 'window', 'window had been transcribed before'));
  return takenTwice(workers, 'window').filter((id) => !found.has(id));
}

beforeAll(async () => {
  samples = (await makeTalk(TEN_MINUTES_MS, { from: 500, to: 2500 }, 3)).samples;
  const fleet = await Fleet.start({ roles: [['prepare', 'transcribe']] });
  undisturbed = JSON.stringify(textsOf(await fleet.transcribe(await recordingIn(fleet.folder), ENGLISH)));
  await fleet.close();
});

async function recordingIn(folder: string): Promise<string> {
  const path = join(folder, 'ten-minutes.wav');
  await writeWav(path, samples);
  return path;
}

function textsOf(transcript: { segments: { startMs: number; endMs: number; text: string }[] } | null) {
  return transcript?.segments.map(({ startMs, endMs, text }) => [startMs, endMs, text]);
}

describe('workers that die', () => {
  let fleet: Fleet;

  beforeEach(async () => {
    fleet = await Fleet.start({
      roles: [
        ['prepare', 'transcribe'],
        ['prepare', 'transcribe'],
      ],
    });
  });

  afterEach(() => fleet.close());

  async function begin(windowsDone = 4): Promise<string> {
    const { run } = await fleet.submit(await recordingIn(fleet.folder), ENGLISH);
    await waitFor(async () => asTranscription(await fleet.runs.run(run.id)).windowsDone >= windowsDone, {
      what: `${windowsDone} windows to be done`,
      timeoutMs: 60_000,
      intervalMs: 5,
    });
    return run.id;
  }

  async function mustBeUndisturbed(runId: string): Promise<number | null> {
    const ended = await fleet.ended(runId);
    expect(ended).toMatchObject({ status: 'completed', progress: 100, windowsDone: ended.windowsTotal });
    expect(JSON.stringify(textsOf(await fleet.transcript(runId)))).toBe(undisturbed);
    await fleet.noBlobs();
    return ended.windowsTotal;
  }

  it('SIGKILL: the text is the same, and at most the windows in flight run twice', async () => {
    const runId = await begin();
    const logs = fleet.workers.map(({ process }) => process);
    await logs[0]?.kill9();
    const inFlight = leftBy(logs.slice(0, 1), 'window');
    expect(inFlight.length).toBeLessThanOrEqual(ROWS);
    const windows = await mustBeUndisturbed(runId);
    expect(inFlight).toEqual(expect.arrayContaining(twice(logs, windows)));
  });

  it('SIGKILL of every worker: a new one goes on where they were', async () => {
    const runId = await begin();
    const logs = fleet.workers.map(({ process }) => process);
    await Promise.all(logs.map((worker) => worker.kill9()));
    const inFlight = leftBy(logs, 'window');
    expect(inFlight.length).toBeLessThanOrEqual(2 * ROWS);
    logs.push((await fleet.addWorker()).process);
    const windows = await mustBeUndisturbed(runId);
    expect(inFlight).toEqual(expect.arrayContaining(twice(logs, windows)));
  });

  it('SIGKILL while it decodes: another begins again', async () => {
    const { run } = await fleet.submit(await recordingIn(fleet.folder), ENGLISH);
    await waitFor(async () => (await fleet.runs.run(run.id))?.stage === 'preparing', {
      what: 'decoding',
      intervalMs: 5,
    });
    const preparing = fleet.workers.find(({ process }) => process.output.includes(`"queue_job_id":"${run.id}"`));
    await preparing?.process.kill9();
    expect(preparing).toBeDefined();
    await mustBeUndisturbed(run.id);
  });

  it('SIGTERM: no window runs twice', async () => {
    const runId = await begin();
    const logs = fleet.workers.map(({ process }) => process);
    expect(await logs[0]?.stop()).toMatchObject({ code: 0 });
    const windows = await mustBeUndisturbed(runId);
    expect(twice(logs, windows)).toEqual([]);
  });

  it('SIGKILL of Redis: everything goes on when it is back', async () => {
    const runId = await begin();
    await fleet.redis.kill9();
    await fleet.redis.restart();
    await mustBeUndisturbed(runId);
  });
});

describe('a Redis that comes back without its last second', () => {
  let fleet: Fleet;

  beforeEach(async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'transcribe']] });
  });

  afterEach(() => fleet.close());

  it.each([{ window: 1 }, 'plan' as const])('has what it lost made again: %j', async (lost) => {
    const { run } = await fleet.submit(await recordingIn(fleet.folder), ENGLISH);
    await waitFor(async () => (await fleet.windows.result(run.id, 1)) !== null, {
      what: 'a window to be done',
      timeoutMs: 60_000,
      intervalMs: 5,
    });
    await fleet.loseFromRedis(run.id, lost);
    const ended = await fleet.ended(run.id);
    expect(ended).toMatchObject({ status: 'completed', windowsDone: ended.windowsTotal });
    expect(JSON.stringify(textsOf(await fleet.transcript(run.id)))).toBe(undisturbed);
    await fleet.noBlobs();
  });
});

describe('an API that dies', () => {
  let service: Service;

  beforeEach(async () => {
    service = await startService();
  });

  afterEach(() => service.close({ leftovers: true }));

  it('SIGKILL: the job goes on, and the next API knows it', async () => {
    const form = new FormData();
    form.append('file', new Blob([encodeWav(samples)]), 'ten-minutes.wav');
    form.append('language', 'en');
    form.append('async', 'true');
    form.append('beam_size', '1');
    const accepted = await fetch(`${service.url}/transcribe`, { method: 'POST', body: form });
    const { job_id: jobId } = (await accepted.json()) as { job_id: string };
    expect(accepted.status).toBe(202);
    await service.apis[0]?.process.kill9();
    const next = await service.addApi();
    let status: { status: string; result?: { segments: { start: number; end: number; text: string }[] } } = {
      status: '',
    };
    await waitFor(
      async () => {
        status = (await (await fetch(`${next.url}/status/${jobId}`)).json()) as typeof status;
        return status.status !== 'processing';
      },
      { what: 'the job to end', timeoutMs: 120_000 },
    );
    expect(status.status).toBe('completed');
    const texts = status.result?.segments.map(({ text }) => text.trim());
    expect(texts).toEqual((JSON.parse(undisturbed) as [number, number, string][]).map(([, , text]) => text.trim()));
  });
});
