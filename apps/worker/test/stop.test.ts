import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeWav, pause, waitFor } from '@sotto/testkit';
import { Fleet } from './fleet.ts';

describe('a worker that is told to stop while Redis is away', () => {
  let fleet: Fleet;

  beforeEach(async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'transcribe']] });
  });

  afterEach(() => fleet.close());

  const stopped = async () => {
    const [worker] = fleet.workers;
    await fleet.redis.kill9();
    await waitFor(() => worker?.process.output.includes('Cannot reach the queue (Redis)'), {
      what: 'it to notice',
    });
    // A supervisor has no reason to start it again: it waits.
    const live = await fetch(`${worker?.url}/health/live`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'alive', checks: { consumers: true } }]);
    await worker?.process.stop();
    await fleet.redis.restart();
    return worker?.process.output;
  };

  it('ends, idle', async () => {
    expect(await stopped()).toContain('"message":"stopped"');
  }, 60_000);

  it('ends, in the middle of work', async () => {
    const path = join(fleet.folder, 'long.wav');
    await writeFile(path, encodeWav(pause(600_000)));
    const { run } = await fleet.submit(path, { options: { language: 'en', vad: false } });
    await waitFor(async () => (await fleet.runs.run(run.id))?.stage === 'transcribing', {
      what: 'windows to be at work',
    });
    expect(await stopped()).toContain('"message":"stopped"');
  }, 60_000);
});
