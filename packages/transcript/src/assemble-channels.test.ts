import { describe, expect, it } from '@jest/globals';
import { transcriptSchema, type Window, type WindowResult } from '@sotto/contracts';
import fc from 'fast-check';
import { evenWords, segmentOf } from '../test/arbitraries.ts';
import { assembleChannels } from './assemble-channels.ts';
import { shapeCues, wordCues } from './captions/cues.ts';
import { renderTranscript } from './render/index.ts';
import { withSpeakerNames } from './speakers/with-speaker-names.ts';

const meta = { durationMs: 60_000, model: 'base', task: 'transcribe' as const, processingMs: 5, warnings: [] };

/** A window of a channel that says this, a word every half second. */
interface Spoken {
  channel: number;
  texts: [text: string, startMs: number][];
}

function assembled(spoken: readonly Spoken[]) {
  const results = spoken.map(
    ({ texts }, index): WindowResult => ({
      index,
      language: 'en',
      languageProbability: 0.9,
      segments: texts.map(([text, startMs], id) => segmentOf(evenWords(text, startMs, 500), id)),
      dropped: [],
      engineMs: 1,
    }),
  );
  const windows = spoken.map(
    ({ channel }, index): Window => ({ index, channel, spans: [{ startMs: 0, endMs: 60_000 }] }),
  );
  const speech = spoken.flatMap(({ channel, texts }) =>
    texts.map(([text, startMs]) => ({ channel, startMs, endMs: startMs + 500 * text.trim().split(' ').length })),
  );
  return assembleChannels(results, { windows, speech }, meta);
}

describe('assembleChannels', () => {
  it('merges channels by time; speakers are numbered by who speaks first', () => {
    const transcript = assembled([
      {
        channel: 2,
        texts: [
          [' Good morning.', 1000],
          [' Fine.', 6000],
        ],
      },
      { channel: 0, texts: [[' How are you?', 3000]] },
    ]);
    expect(transcript.text).toBe('Good morning. How are you? Fine.');
    expect(transcript.segments.map(({ id, speaker, text }) => [id, speaker, text])).toEqual([
      [0, 0, ' Good morning.'],
      [1, 1, ' How are you?'],
      [2, 0, ' Fine.'],
    ]);
    expect(transcript.speakers).toEqual([
      { name: null, channel: 2, ms: 1500, words: 3 },
      { name: null, channel: 0, ms: 1500, words: 3 },
    ]);
    expect(transcript.turns?.map(({ speaker, startMs }) => [speaker, startMs])).toEqual([
      [0, 1000],
      [0, 6000],
      [1, 3000],
    ]);
    expect(transcriptSchema.parse(transcript)).toEqual(transcript);
  });

  it('keeps the times of people who talk at once, and ends a segment where somebody answers in its pause', () => {
    const [asks, answers] = [evenWords(' How are you?', 0, 500), evenWords(' Thanks.', 4000, 500)];
    const windows = [0, 1].map(
      (channel): Window => ({ index: channel, channel, spans: [{ startMs: 0, endMs: 9000 }] }),
    );
    const said = (index: number, segments: WindowResult['segments']): WindowResult => ({
      index,
      language: 'en',
      languageProbability: 0.9,
      segments,
      dropped: [],
      engineMs: 1,
    });
    const results = [
      said(0, [segmentOf([...asks, ...answers])]),
      said(1, [segmentOf(evenWords(' Oh yes', 700, 400)), segmentOf(evenWords(' Very well', 2000, 500), 1)]),
    ];
    const { segments, text } = assembleChannels(results, { windows }, meta);
    expect(segments.map(({ startMs, endMs, text: said }) => [startMs, endMs, said])).toEqual([
      [0, 1500, ' How are you?'],
      [700, 1500, ' Oh yes'],
      [2000, 3000, ' Very well'],
      [4000, 4500, ' Thanks.'],
    ]);
    expect(text).toBe('How are you? Oh yes Very well Thanks.');
  });

  it('has no speakers where nobody speaks', () => {
    expect(assembled([])).toMatchObject({ text: '', language: null, segments: [], speakers: [], turns: [] });
    const { speakers, turns } = assembled([{ channel: 0, texts: [] }]);
    expect([speakers, turns]).toEqual([[], []]);
  });

  it('names speakers by their channel', () => {
    const transcript = assembled([
      { channel: 1, texts: [[' First.', 0]] },
      { channel: 0, texts: [[' Second.', 2000]] },
    ]);
    const text = (names: string[]) =>
      renderTranscript(withSpeakerNames(transcript, names), 'text', { granularity: 'segment' }).body;
    expect(text([])).toBe('Channel 2: First.\nChannel 1: Second.\n');
    expect(text(['Anna', 'Ben'])).toBe('Ben: First.\nAnna: Second.\n');
  });

  const anySpoken = fc.array(
    fc.record({
      channel: fc.nat(3),
      texts: fc
        .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(8_000)), { maxLength: 3 })
        .map((parts) => parts.map(([words, startMs]): [string, number] => [' word'.repeat(words), startMs])),
    }),
    { maxLength: 6 },
  );

  it('has every word once, each channel in order, all by their start', () => {
    fc.assert(
      fc.property(anySpoken, (spoken) => {
        const { segments, speakers = [], turns = [] } = assembled(spoken);
        const count = spoken.flatMap(({ texts }) => texts.flatMap(([text]) => text.trim().split(' '))).length;
        expect(segments.flatMap(({ words }) => words)).toHaveLength(count);
        expect(segments.map(({ startMs }) => startMs)).toEqual(
          segments.map(({ startMs }) => startMs).toSorted((a, b) => a - b),
        );
        for (const [speaker, { words }] of speakers.entries()) {
          const own = segments.filter((segment) => segment.speaker === speaker);
          let floorMs = 0;
          for (const { startMs, endMs } of own.flatMap((segment) => segment.words)) {
            expect(startMs).toBeGreaterThanOrEqual(floorMs);
            expect(endMs).toBeGreaterThanOrEqual(startMs);
            floorMs = startMs;
          }
          expect(own.flatMap((segment) => segment.words)).toHaveLength(words);
        }
        for (const { speaker } of turns) expect(speaker).toBeLessThan(speakers.length);
      }),
    );
  });

  it('makes captions that follow each other and hold every word, whoever talks at once', () => {
    fc.assert(
      fc.property(anySpoken, fc.boolean(), (spoken, isByWord) => {
        const transcript = assembled(spoken);
        const cues = (isByWord ? wordCues : shapeCues)(transcript);
        let floorMs = 0;
        for (const { startMs, endMs } of cues) {
          expect(startMs).toBeGreaterThanOrEqual(floorMs);
          expect(endMs).toBeGreaterThan(startMs);
          floorMs = endMs;
        }
        const count = transcript.segments.flatMap(({ words }) => words).length;
        expect(cues.flatMap(({ words }) => words.flat())).toHaveLength(count);
      }),
    );
  });
});
