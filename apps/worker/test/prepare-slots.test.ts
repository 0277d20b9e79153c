import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ffmpeg } from '@sotto/testkit';
import { Fleet } from './fleet.ts';

jest.setTimeout(120_000);

let fleet: Fleet;

beforeAll(async () => {
  fleet = await Fleet.start({ roles: [['prepare', 'transcribe']] });
});

afterAll(() => fleet.close());

/** Minutes of silence, at almost no bytes. */
async function silence(minutes: number): Promise<string> {
  const path = join(fleet.folder, `${minutes}.ogg`);
  const input = ['-f', 'lavfi', '-t', String(minutes * 60), '-i', 'anullsrc=r=16000:cl=mono'];
  await ffmpeg('-v', 'error', ...input, '-c:a', 'libopus', '-b:a', '6k', path);
  return path;
}

/** How often each kind of job was begun for a run, as the log tells it. */
function taken(runId: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of fleet.workers[0]?.process.output.split('\n') ?? []) {
    if (!line.includes('job taken') || !line.includes(runId)) continue;
    const kind = /"kind":"([a-z-]+)"/.exec(line)?.[1] ?? 'unknown';
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('a recording is prepared', () => {
  it('beside other work when its file is small', async () => {
    const { run } = await fleet.submit(await silence(5), { container: 'ogg' });
    expect(await fleet.ended(run.id)).toMatchObject({ status: 'completed', durationMs: expect.any(Number) });
    expect(taken(run.id)).toEqual({ transcribe: 1 });
  });

  it('in a slot for long ones when a small file turns out to have much sound', async () => {
    const { run } = await fleet.submit(await silence(11), { container: 'ogg' });
    const ended = await fleet.ended(run.id);
    expect(ended.status).toBe('completed');
    expect(ended.durationMs).toBeGreaterThan(10.9 * 60_000);
    expect(taken(run.id)).toEqual({ transcribe: 2, prepare: 1 });
    expect((await fleet.transcript(run.id))?.processingMs).toBeGreaterThan(0);
    await fleet.noBlobs();
  });

  it('in a slot for long ones when its file is large, and an error in it ends the run', async () => {
    const path = join(fleet.folder, 'zeros.mp3');
    await writeFile(path, Buffer.alloc(2_000_000));
    const { run } = await fleet.submit(path, { container: 'mp3' });
    expect(await fleet.ended(run.id)).toMatchObject({ status: 'failed', error: { code: 'undecodable_media' } });
    expect(taken(run.id)).toEqual({ transcribe: 1, prepare: 1 });
    await fleet.noBlobs();
  });
});
