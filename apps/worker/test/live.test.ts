/**
 * Real speech at its own pace, heard by real workers that die.
 *
 * @busy Its engines keep every core busy.
 */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import {
  comparableWords,
  describeWith,
  differencesFrom,
  ffmpeg,
  readWav,
  tinyEnModelDir,
  waitFor,
  wordErrorRate,
} from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { finalsOf, finalText, LiveSpeaker, type Told } from './live-speaker.ts';
import { JFK, KENNEDY } from './pieces.ts';

jest.setTimeout(120_000);

/** In the middle of "what your country can do for you". */
const MID_SENTENCE_MS = 6_600;
/** Said after that. */
const LATER_MS = 5_000;
const LATER = 'what your country can do for you ask what you can do for your country';
/** From the death of a worker to the next word that is told. */
const LONGEST_PAUSE_MS = 4_000;

describeWith(await tinyEnModelDir(), 'people who speak', (modelDir) => {
  let fleet: Fleet;
  let kennedy: Buffer;
  let speaker: LiveSpeaker;
  /** What is told when nothing happens. */
  const undisturbed: string[] = [];

  beforeAll(async () => {
    fleet = await Fleet.start({ roles: [['transcribe'], ['transcribe']], modelDir, model: 'tiny.en' });
    const wav = join(fleet.folder, 'kennedy.wav');
    await ffmpeg('-i', JFK, '-ar', '16000', '-ac', '1', wav);
    kennedy = Buffer.from((await readWav(wav)).buffer);
  });

  afterAll(() => fleet.close());

  beforeEach(() => {
    speaker = new LiveSpeaker(fleet.redis.url, fleet.settings);
  });

  afterEach(() => speaker.close());

  /** Somebody speaks, and the middle of the sentence is told. `said` resolves when all of it is said. */
  async function midSentence(): Promise<{ said: Promise<void> }> {
    await speaker.open();
    const said = speaker.say(kennedy);
    await waitFor(() => (speaker.told.at(-1)?.atMs ?? 0) > MID_SENTENCE_MS, {
      what: 'the middle of the sentence',
      timeoutMs: 30_000,
    });
    return { said };
  }

  /**
   * What was said from shortly before the middle of the sentence on is heard word by word. At its beginning tiny.en guesses, one
   * way or another as its passes come at other moments each time (`my`, `am I`): a word may be heard otherwise there, and beside
   * the session that nothing disturbed, none is lost or told twice.
   */
  function expectWholeText(told: readonly Told[]): void {
    const words = finalsOf(told).flatMap((final) => final.words);
    const later = words.filter(({ startMs }) => startMs > LATER_MS).map(({ word }) => word);
    expect(comparableWords(later.join(''))).toEqual(comparableWords(LATER));
    expect(wordErrorRate(KENNEDY, finalText(told))).toBeLessThan(0.15);
    expect(differencesFrom([KENNEDY, ...undisturbed], finalText(told))).toMatchObject({ lost: [], doubled: [] });
  }

  /** Final words are told once, in the order in which they are said; so is everything else of an utterance. */
  function expectInOrder(told: readonly Told[]): void {
    const words = finalsOf(told).flatMap((final) => final.words);
    const starts = words.map(({ startMs }) => startMs);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const type of ['speech_started', 'speech_stopped'] as const) {
      const utterances = told.flatMap(({ event }) => (event.type === type ? [event.utterance] : []));
      expect(utterances).toEqual(utterances.map((_, at) => at));
    }
    const last = finalsOf(told).flatMap(({ utterance, isLast }) => (isLast ? [utterance] : []));
    expect(last).toEqual(last.map((_, at) => at));
    expect(told.at(-1)?.event).toMatchObject({ type: 'ended', by: 'client' });
  }

  it('are heard word by word', async () => {
    await speaker.open();
    await speaker.say(kennedy);
    const told = await speaker.end();
    expectWholeText(told);
    expect(finalsOf(told).some(({ words, isLast }) => words.length > 0 && !isLast)).toBe(true);
    expectInOrder(told);
    undisturbed.push(finalText(told));
  });

  it('lose no word when the worker that hears them is killed in the middle of a sentence', async () => {
    const { said } = await midSentence();
    const owner = await speaker.owner();
    const worker = fleet.workers.find(({ process }) => owner.includes(`-${process.pid}-`));
    const diedMs = speaker.nowMs;
    await worker?.process.kill9();
    const next = await waitFor(() => speaker.told.find(({ atMs }) => atMs > diedMs + 200) ?? false, {
      what: 'what comes next',
    });
    expect(next.atMs - diedMs).toBeLessThan(LONGEST_PAUSE_MS);
    await said;
    const told = await speaker.end();
    expectWholeText(told);
    expectInOrder(told);
    await fleet.addWorker(['transcribe']);
  });

  it('lose no word when redis-server is killed in the middle of a sentence and comes back', async () => {
    const { said } = await midSentence();
    await fleet.redis.keepOnDisk();
    await fleet.redis.kill9();
    await fleet.redis.restart();
    await said;
    const told = await speaker.end();
    expectWholeText(told);
    expectInOrder(told);
  });

  it('are heard elsewhere at once when a worker is stopped', async () => {
    const { said } = await midSentence();
    const owner = await speaker.owner();
    await fleet.workers.find(({ process }) => owner.includes(`-${process.pid}-`))?.process.stop();
    await said;
    const told = await speaker.end();
    expectWholeText(told);
    expectInOrder(told);
  });
});
