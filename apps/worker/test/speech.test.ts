import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { endedText, spokenText, submitText } from './spoken.ts';

jest.setTimeout(120_000);

let fleet: Fleet;
afterEach(() => fleet.close());

const SENTENCES = Array.from({ length: 40 }, (_, i) => `Sentence number ${i + 1} is about the weather in spring.`);
const LONG = SENTENCES.join(' ');

describe('a text', () => {
  it('becomes sound with the times of its pieces, and only the sound is left in storage', async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'speak']] });
    const { run, result, sound } = await spokenText(fleet, 'Hello, world. This is a test.\n\nAnd a second paragraph.');
    expect(run).toMatchObject({ status: 'completed', progress: 100, piecesDone: result.pieces.length });
    expect(result).toMatchObject({ engine: 'espeak', language: 'en', sampleRateHz: 22_050 });
    expect(result.pieces.map(({ text }) => text).join(' ')).toBe(
      'Hello, world. This is a test. And a second paragraph.',
    );
    expect(result.audio.bytes).toBe(sound.length);
    expect(result.durationMs).toBe(Math.round((sound.length / 2 / result.sampleRateHz) * 1000));
    expect(result.durationMs).toBeGreaterThan(2_500);
    const last = result.pieces.at(-1);
    expect(last?.endMs).toBeLessThanOrEqual(result.durationMs);
    for (const [i, piece] of result.pieces.entries()) {
      expect(piece.endMs).toBeGreaterThan(piece.startMs);
      expect(piece.startMs).toBeGreaterThanOrEqual(result.pieces[i - 1]?.endMs ?? 0);
    }
    await fleet.blobs.delete(result.audio.blobKey);
    await fleet.noBlobs();
  });

  it('is spoken again to the same bytes, by however many workers, and whoever of them dies', async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'speak']] });
    const once = await spokenText(fleet, LONG);
    const victim = await fleet.addWorker(['speak']);
    const run = await submitText(fleet, LONG);
    const begun = async () => {
      const now = await fleet.runs.run(run.id);
      return now?.kind === 'speech' && now.piecesDone > 2;
    };
    await waitFor(begun, { what: 'a few pieces', intervalMs: 2 });
    victim.process.kill9();
    const ended = await endedText(fleet, run.id);
    expect(ended).toMatchObject({ status: 'completed', error: null });
    const result = await fleet.runs.result<typeof once.result>(ended);
    expect(result?.pieces.map(({ text }) => text).join(' ')).toBe(LONG);
    expect((await fleet.blobs.read(result?.audio.blobKey ?? '')).equals(once.sound)).toBe(true);
  });

  it('may be SSML or Markdown, with chapters', async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'speak']] });
    const ssml =
      '<speak>One.<break time="1s"/><prosody rate="fast">Two.</prosody> <lang xml:lang="de">Drei.</lang></speak>';
    const spoken = await spokenText(fleet, ssml, { textFormat: 'ssml' });
    expect(spoken.result.pieces.map(({ text }) => text)).toEqual(['One.', 'Two.', 'Drei.']);
    const [one, two] = spoken.result.pieces;
    expect((two?.startMs ?? 0) - (one?.endMs ?? 0)).toBeGreaterThanOrEqual(999);
    const book = await spokenText(fleet, '# First\n\nSome text.\n\n# Second\n\nMore.', { textFormat: 'markdown' });
    expect(book.result.chapters.map(({ title }) => title)).toEqual(['First', 'Second']);
    expect(book.result.chapters[1]?.startMs).toBe(book.result.pieces.find(({ text }) => text === 'Second')?.startMs);
  });

  it('fails with what is wrong with it, and leaves nothing', async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'speak']] });
    const fails = async (text: string, options: Parameters<typeof submitText>[2] = {}) => {
      const { id } = await submitText(fleet, text, options);
      return (await endedText(fleet, id)).error?.code;
    };
    expect(await fails('... --- ...')).toBe('invalid_parameter');
    expect(await fails('<speak>Hello', { textFormat: 'ssml' })).toBe('invalid_parameter');
    expect(await fails('Hello.', { voice: 'nobody' })).toBe('invalid_parameter');
    expect(await fails('Hello.', { language: 'tlh' })).toBe('language_not_supported');
    await fleet.noBlobs();
  });
});
