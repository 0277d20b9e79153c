import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Segment, Span, Transcript, Upload, Window } from '@sotto/contracts';
import { FileBlobStore } from '@sotto/storage';
import {
  comparableWords,
  concat,
  describeWith,
  mustRun,
  nanoModelDir,
  whisperCli,
  wordErrorRate,
  writeWav,
} from '@sotto/testkit';
import { prepare } from '../src/handlers/prepare.ts';
import { findMediaTools } from '../src/media/ffmpeg-binary.ts';
import { loadSilero } from '../src/speech/silero.ts';
import { Fleet } from './fleet.ts';
import { makeTalk, type Talk } from './talk.ts';
import { storeUpload } from './upload.ts';

jest.setTimeout(600_000);

const SAMPLES_PER_MS = 16;

/** The windows of a recording, planned as the worker plans them. */
async function windowsOf(upload: Upload, fleet: Fleet): Promise<Window[]> {
  const { run } = fleet.planOnly(upload);
  const plan = await prepare(
    run,
    {
      blobs: new FileBlobStore(join(fleet.folder, 'plan')),
      mediaTools: await findMediaTools(process.env.PATH ?? ''),
      decodeLimits: { maxDurationMs: 3_600_000, timeoutMs: 60_000 },
      speechDetection: loadSilero(),
      onEvent: () => {},
    },
    new AbortController().signal,
  );
  return plan.windows;
}

function samplesOf(talk: Talk, spans: Span[]): Int16Array {
  return concat(
    ...spans.map(({ startMs, endMs }) => talk.samples.subarray(startMs * SAMPLES_PER_MS, endMs * SAMPLES_PER_MS)),
  );
}

const within = ({ startMs, endMs }: Segment, spans: Span[]) =>
  spans.some((span) => span.startMs < endMs && startMs < span.endMs);

describeWith(await whisperCli(), 'ten minutes of phrases and pauses', (cli) => {
  let fleet: Fleet;
  let talk: Talk;
  let windows: Window[];
  let transcript: Transcript;

  beforeAll(async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'transcribe']] });
    talk = await makeTalk(600_000, { from: 800, to: 3500 }, 9);
    const path = join(fleet.folder, 'talk.wav');
    await writeWav(path, talk.samples);
    windows = await windowsOf(await storeUpload(new FileBlobStore(join(fleet.folder, 'plan')), path, 'wav'), fleet);
    transcript = await fleet.transcribe(path, { options: { language: 'en' } });
  });

  afterAll(() => fleet.close());

  it('has <= 12 % word errors', () => {
    const said = talk.phrases.map(({ text }) => text).join(' ');
    expect(wordErrorRate(said, transcript.text)).toBeLessThanOrEqual(0.12);
  });

  it("gives each window whisper-cli's own text of the same samples", async () => {
    const model = join(await nanoModelDir(), 'ggml-sotto-nano.bin');
    const path = join(fleet.folder, 'window.wav');
    let compared = 0;
    for (const { spans } of windows) {
      const ours = transcript.segments.filter((segment) => within(segment, spans));
      // Above temperature 0 words are drawn at random, by both.
      if (ours.some(({ temperature }) => temperature > 0)) continue;
      await writeWav(path, samplesOf(talk, spans));
      const greedy = ['-l', 'en', '-bs', '1', '-bo', '1', '-nf', '-t', '1', '-np'];
      const lines = (await mustRun(cli, ['-m', model, '-f', path, ...greedy])).toString('utf8');
      const theirs = lines.replace(/^\[.*?\]/gm, '');
      expect(comparableWords(ours.map(({ text }) => text).join(' '))).toEqual(comparableWords(theirs));
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(windows.length * 0.7);
  });

  it('loses, cuts and doubles no phrase at a border between windows', () => {
    const homes = talk.phrases.map((phrase) =>
      windows.filter(({ spans }) =>
        spans.some(({ startMs, endMs }) => startMs <= phrase.startMs && phrase.endMs <= endMs),
      ),
    );
    expect(homes.filter((home) => home.length !== 1)).toEqual([]);
    for (let i = 1; i < transcript.segments.length; i++) {
      expect(transcript.segments[i]?.startMs).toBeGreaterThanOrEqual(transcript.segments[i - 1]?.endMs ?? 0);
    }
    // What the model itself misses counts as word errors above; said twice, words would be more than were said.
    const said = talk.phrases.flatMap(({ text }) => text.split(' '));
    expect(comparableWords(transcript.text).length).toBeLessThan(said.length * 1.03);
  });
});
