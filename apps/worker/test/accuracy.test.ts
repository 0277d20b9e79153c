/** @busy Its engine keeps every core busy. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunOptions, Transcript } from '@sotto/contracts';
import {
  concat,
  type NanoLanguage,
  type NanoUtterance,
  nanoUtterances,
  pause,
  shareWithin,
  speakPhrase,
  startErrors,
  wordErrors,
  writeWav,
} from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { makeTalk } from './talk.ts';

jest.setTimeout(600_000);

/** Voices of sotto-nano's card at speeds and pitches of their own; few, so that each word is spoken once and cached. */
const SPEAKERS: Record<NanoLanguage, { voice: string; speed: number; pitch: number }[]> = {
  en: [
    { voice: 'en-us', speed: 133, pitch: 41 },
    { voice: 'en-gb', speed: 152, pitch: 58 },
    { voice: 'en-us+f2', speed: 143, pitch: 47 },
    { voice: 'en-gb+m3', speed: 163, pitch: 36 },
  ],
  es: [
    { voice: 'es', speed: 129, pitch: 43 },
    { voice: 'es+m3', speed: 148, pitch: 55 },
    { voice: 'es+f4', speed: 158, pitch: 38 },
  ],
  de: [
    { voice: 'de', speed: 131, pitch: 46 },
    { voice: 'de+f2', speed: 147, pitch: 53 },
    { voice: 'de+m3', speed: 161, pitch: 39 },
  ],
};

let fleet: Fleet;

beforeAll(async () => {
  fleet = await Fleet.start({ roles: [['prepare', 'transcribe']] });
});

afterAll(() => fleet.close());

function utterances(count: number, seed: number, languages: NanoLanguage[] = ['en', 'es', 'de']): NanoUtterance[] {
  return nanoUtterances(count, { seed, minWords: 3, languages }).map((utterance, i) => {
    const speakers = SPEAKERS[utterance.language];
    return { ...utterance, ...speakers[i % speakers.length] };
  });
}

/** All of them through the whole pipeline, in order. */
async function transcribed(list: NanoUtterance[], options: Partial<RunOptions> = {}): Promise<Transcript[]> {
  const path = join(fleet.folder, 'utterance.wav');
  const runIds: string[] = [];
  for (const utterance of list) {
    const { samples } = await speakPhrase(utterance);
    await writeWav(path, concat(pause(400), samples, pause(400)));
    runIds.push((await fleet.submit(path, { options })).run.id);
  }
  const transcripts: Transcript[] = [];
  for (const runId of runIds) {
    await fleet.ended(runId);
    const transcript = await fleet.transcript(runId);
    if (transcript === null) throw new Error(`run ${runId} has no transcript`);
    transcripts.push(transcript);
  }
  return transcripts;
}

function errorRate(references: string[], transcripts: Transcript[]): number {
  const all = references.map((reference, i) => wordErrors(reference, transcripts[i]?.text ?? ''));
  const sum = (of: (one: { errors: number; words: number }) => number) =>
    all.reduce((total, one) => total + of(one), 0);
  return sum(({ errors }) => errors) / sum(({ words }) => words);
}

describe('sotto-nano through the whole pipeline', () => {
  it('hears 201 utterances in three languages: <= 5 % word errors, language right >= 98 %', async () => {
    const list = utterances(201, 11);
    const transcripts = await transcribed(list);
    expect(
      errorRate(
        list.map(({ text }) => text),
        transcripts,
      ),
    ).toBeLessThanOrEqual(0.05);
    const right = list.filter(({ language }, i) => transcripts[i]?.language === language);
    expect(right.length / list.length).toBeGreaterThanOrEqual(0.98);
  });

  it('translates Spanish and German digits: >= 90 % of words right', async () => {
    const list = utterances(40, 12, ['es', 'de']);
    const transcripts = await transcribed(list, { task: 'translate' });
    expect(
      errorRate(
        list.map(({ translation }) => translation),
        transcripts,
      ),
    ).toBeLessThanOrEqual(0.1);
    expect(transcripts.every(({ task }) => task === 'translate')).toBe(true);
  });

  it('is not disturbed by a prompt', async () => {
    const list = utterances(30, 13, ['en']);
    const transcripts = await transcribed(list, { prompt: 'good morning hello world' });
    expect(
      errorRate(
        list.map(({ text }) => text),
        transcripts,
      ),
    ).toBeLessThanOrEqual(0.05);
  });

  it('times words and phrases: phrases within 200 ms for >= 90 %, words within 150 ms for >= 85 %', async () => {
    const talk = await makeTalk(150_000, { from: 1000, to: 3000 }, 5);
    const path = join(fleet.folder, 'talk.wav');
    await writeWav(path, talk.samples);
    const { segments } = await fleet.transcribe(path, { options: { language: 'en' } });
    const nearest = (ms: number, times: number[]) => Math.min(...times.map((time) => Math.abs(time - ms)));
    const edges = talk.phrases.flatMap(({ startMs, endMs }) => [
      nearest(
        startMs,
        segments.map((segment) => segment.startMs),
      ),
      nearest(
        endMs,
        segments.map((segment) => segment.endMs),
      ),
    ]);
    expect(shareWithin(edges, 200)).toBeGreaterThanOrEqual(0.9);
    const said = talk.phrases.flatMap(({ words }) => words);
    const starts = startErrors(
      said,
      segments.flatMap(({ words }) => words),
    );
    expect(starts.length).toBeGreaterThan(said.length * 0.85);
    expect(shareWithin(starts, 150)).toBeGreaterThanOrEqual(0.85);
  });
});
