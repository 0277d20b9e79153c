/** @busy Its workers keep every core busy. */
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
import { findMediaTools } from '../src/media/ffmpeg-binary.ts';
import { RightOfWay } from '../src/models/right-of-way.ts';
import { prepare } from '../src/runs/make-plan.ts';
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
      rightOfWay: new RightOfWay(),
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

const overlap = (a: Span, b: Span) => a.startMs < b.endMs && b.startMs < a.endMs;

const within = ({ startMs, endMs }: Segment, spans: Span[]) => spans.some((span) => overlap(span, { startMs, endMs }));

/** Windows of which a stretch was transcribed once more, in the logs of workers. */
function heardAgain(logs: string): Set<number> {
  const lines = logs.matchAll(/"speech without words was transcribed again".*?"index":(\d+)/g);
  return new Set([...lines].map(([, index]) => Number(index)));
}

/** Words of the transcript where a phrase was said, with as much room as there is to its neighbours. */
function wordsNear({ startMs, endMs }: Span, { segments }: Transcript): string[] {
  return segments
    .flatMap(({ words }) => words)
    .filter((word) => word.startMs < endMs + 400 && startMs - 400 < word.endMs)
    .flatMap(({ word }) => comparableWords(word));
}

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
    // Its two ways of computing attention differ where two tokens are equally likely: either text is its own.
    const texts = (wav: string) =>
      Promise.all(
        ['-fa', '-nfa'].map(async (attention) => {
          const greedy = ['-l', 'en', '-bs', '1', '-bo', '1', '-nf', '-t', '1', '-np', attention];
          const lines = (await mustRun(cli, ['-m', model, '-f', wav, ...greedy])).toString('utf8');
          return comparableWords(lines.replace(/^\[.*?\]/gm, '')).join(' ');
        }),
      );
    const path = join(fleet.folder, 'window.wav');
    let compared = 0;
    const again = heardAgain(fleet.workers.map((worker) => worker.process.output).join(''));
    for (const { index, spans } of windows) {
      // There our text is more than one pass over the window.
      if (again.has(index)) continue;
      const ours = transcript.segments.filter((segment) => within(segment, spans));
      // Above temperature 0 words are drawn at random, by both.
      if (ours.some(({ temperature }) => temperature > 0)) continue;
      await writeWav(path, samplesOf(talk, spans));
      expect(await texts(path)).toContain(comparableWords(ours.map(({ text }) => text).join(' ')).join(' '));
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
  });

  it('loses and doubles no phrase beside a border', () => {
    const text = ` ${comparableWords(transcript.text).join(' ')} `;
    const beside = windows.flatMap(({ spans }) => {
      const own = talk.phrases.filter((phrase) => spans.some((span) => overlap(span, phrase)));
      return [...own.slice(0, 1), ...own.slice(1).slice(-1)];
    });
    const notAsSaid = beside.filter((phrase) => text.split(` ${phrase.text} `).length !== 2);
    // A word misheard is the model's, and counted above. Fewer than half of its words: lost; half as many again: there twice.
    const wrong = notAsSaid.filter((phrase) => {
      const share = wordsNear(phrase, transcript).length / phrase.text.split(' ').length;
      return share < 0.5 || share >= 1.5;
    });
    expect(wrong).toEqual([]);
    // Said twice, words would be more than were said.
    const said = talk.phrases.flatMap((phrase) => phrase.text.split(' '));
    expect(comparableWords(transcript.text).length).toBeLessThan(said.length * 1.03);
    expect(notAsSaid.length).toBeLessThan(beside.length / 2);
  });
});
