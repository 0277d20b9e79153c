/** @alone It is about who goes first on a machine that is busy with nothing else. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { concat, NANO_WORDS, pause, speakPhrase, waitFor, writeWav } from '@sotto/testkit';
import { asTranscription, Fleet } from './fleet.ts';

jest.setTimeout(180_000);

let fleet: Fleet;

beforeAll(async () => {
  fleet = await Fleet.start({ roles: [['prepare', 'transcribe'], ['transcribe']] });
});

afterAll(() => fleet.close());

const VOICE = { voice: 'en-us', speed: 140, pitch: 50 };

async function clip(words: string[]): Promise<string> {
  const path = join(fleet.folder, `${words.join('-')}.wav`);
  await writeWav(
    path,
    concat(pause(300), (await speakPhrase({ text: words.join(' '), ...VOICE })).samples, pause(300)),
  );
  return path;
}

/** Minutes of phrases with pauses between them. */
async function longRecording(phrases: number): Promise<string> {
  const phrase = (await speakPhrase({ text: 'monday tuesday wednesday thursday friday', ...VOICE })).samples;
  const path = join(fleet.folder, `long-${phrases}.wav`);
  await writeWav(path, concat(...Array.from({ length: phrases }, () => concat(phrase, pause(1000)))));
  return path;
}

describe('many jobs at once', () => {
  it('gives each of 20 its own text', async () => {
    const words = NANO_WORDS.en.slice(0, 20);
    const texts = words.map((word, i) => [word, NANO_WORDS.en[(i + 20) % 36] ?? '', NANO_WORDS.en[(i + 9) % 20] ?? '']);
    const submitted = await Promise.all(texts.map(async (text) => fleet.submit(await clip(text))));
    const ended = await Promise.all(submitted.map(({ run }) => fleet.ended(run.id)));
    expect(ended.map(({ status }) => status)).toEqual(texts.map(() => 'completed'));
    const heard = await Promise.all(submitted.map(async ({ run }) => (await fleet.transcript(run.id))?.text));
    const right = texts.filter((text, i) => text.join(' ') === heard[i]);
    expect(right.length).toBeGreaterThanOrEqual(18);
    await fleet.noBlobs();
  });

  it('makes one run of three requests for the same work', async () => {
    const path = await clip(['hello', 'world', 'one']);
    const submitted = [];
    for (let i = 0; i < 3; i++) submitted.push(await fleet.submit(path, { workKey: 'the-same' }));
    expect(submitted.map(({ joined }) => joined)).toEqual([false, true, true]);
    expect(new Set(submitted.map(({ run }) => run.id)).size).toBe(1);
    await fleet.ended(submitted[0]?.run.id ?? '');
    for (const { requestId } of submitted) {
      const view = await fleet.runs.view(requestId);
      expect(view).toMatchObject({ run: { status: 'completed' }, request: { id: requestId } });
    }
  });
});

describe('cancelling from another process', () => {
  it('stops a run at work, and leaves nothing of it', async () => {
    const { run } = await fleet.submit(await longRecording(150), { options: { language: 'en' } });
    const stopped = await atWork(run.id);
    expect(stopped.windowsDone).toBeLessThan(stopped.windowsTotal ?? 0);
    expect(await fleet.producer.cancel(run)).toBe(true);
    expect(await fleet.runs.run(run.id)).toMatchObject({ status: 'cancelled' });
    await fleet.noBlobs();
    const windows = async () => (await fleet.producer.counts()).queues['urgent-windows'];
    await waitFor(async () => (await windows())?.active === 0, { what: 'windows to stop' });
    expect((await windows())?.waiting).toBe(0);
    expect(await fleet.transcribe(await clip(['yes', 'no', 'stop']))).toMatchObject({ text: 'yes no stop' });
  });

  it('takes a waiting run out before anybody began it', async () => {
    const long = await fleet.submit(await longRecording(150), { options: { language: 'en' } });
    const others = await Promise.all([1, 2, 3].map(async () => fleet.submit(await longRecording(150))));
    const waiting = others.at(-1)?.run;
    if (waiting === undefined) throw new Error('nothing was submitted');
    await fleet.producer.cancel(waiting);
    expect(await fleet.runs.run(waiting.id)).toMatchObject({ status: 'cancelled' });
    for (const { run } of [long, ...others]) await fleet.producer.cancel(run);
    await fleet.noBlobs();
  });

  async function atWork(runId: string) {
    let run = asTranscription(await fleet.runs.run(runId));
    await waitFor(
      async () => {
        run = asTranscription(await fleet.runs.run(runId));
        return run.windowsDone > 0;
      },
      { what: 'the first window to be done', timeoutMs: 60_000, intervalMs: 10 },
    );
    if (run === null) throw new Error('the run is gone');
    return run;
  }
});
