import { describe, expect, it } from '@jest/globals';
import { DEFAULT_CAPTION_OPTIONS, GRANULARITIES, type Transcript } from '@sotto/contracts';
import { type ParsedASS, parse as parseAss } from 'ass-compiler';
import fc from 'fast-check';
import { type CaptionsFileFormat, parseText, tokenizeVTTCue, type VTTCue, type VTTToken } from 'media-captions';
import { anyCaptionOptions, anyTranscript } from '../../test/arbitraries.ts';
import type { Cue } from '../captions/cue.ts';
import { nameOf } from '../speakers/name-of.ts';
import { withSpeakers } from '../speakers/with-speakers.ts';
import { renderTranscript } from './index.ts';
import { cuesOf, type RenderOptions } from './rendered.ts';

/** An independent, strict parser's view: [startMs, endMs, text]. */
async function parsed(body: string, type: CaptionsFileFormat, textOf: (cue: VTTCue) => string) {
  const { cues, errors } = await parseText(body, { type, strict: true, errors: true });
  expect(errors).toEqual([]);
  return cues.map((cue) => [Math.round(cue.startTime * 1000), Math.round(cue.endTime * 1000), textOf(cue)]);
}

/** Only what highlighting writes is markup; anything else came from the text. */
function textOfToken(token: VTTToken): string {
  if (token.type === 'text') return token.data;
  if (token.type === 'timestamp' || token.type === 'c') return token.children.map(textOfToken).join('');
  return `[markup ${token.type}]`;
}

function plainText(cue: VTTCue): string {
  return tokenizeVTTCue(cue)
    .map((token) => textOfToken(token))
    .join('');
}

const anyOptions: fc.Arbitrary<RenderOptions> = fc.record({
  granularity: fc.constantFrom(...GRANULARITIES),
  captions: fc.oneof(fc.constant(DEFAULT_CAPTION_OPTIONS), anyCaptionOptions),
});

const rows = (cues: readonly Cue[], write = (text: string) => text) =>
  cues.map(({ startMs, endMs, lines }) => [startMs, endMs, write(lines.join('\n'))]);

describe('captions, read by an independent parser', () => {
  it('vtt gives the cues back, for any transcript', async () => {
    await fc.assert(
      fc.asyncProperty(anyTranscript, anyOptions, async (transcript, options) => {
        const { body } = renderTranscript(transcript, 'vtt', options);
        expect(await parsed(body, 'vtt', plainText)).toEqual(rows(cuesOf(transcript, options)));
      }),
      { numRuns: 300 },
    );
  });

  it('srt gives the cues back, for any transcript', async () => {
    await fc.assert(
      fc.asyncProperty(anyTranscript, anyOptions, async (transcript, options) => {
        const { body } = renderTranscript(transcript, 'srt', options);
        const expected = rows(cuesOf(transcript, options), (text) => text.replaceAll('-->', '→'));
        expect(await parsed(body, 'srt', (cue) => cue.text)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('has an arrow only where times are', () => {
    fc.assert(
      fc.property(anyTranscript, fc.constantFrom('srt' as const, 'vtt' as const), (transcript, format) => {
        const { body } = renderTranscript(transcript, format, { granularity: 'segment' });
        for (const line of body.split('\n').filter((text) => text.includes('-->'))) {
          expect(line).toMatch(/^\d{2,}:\d\d:\d\d[,.]\d{3} --> \d{2,}:\d\d:\d\d[,.]\d{3}$/);
        }
      }),
    );
  });
});

/** What a viewer reads of an event, and how long its syllables take, in hundredths of a second. */
function read({ Text: { parsed: parts } }: ParsedASS['events']['dialogue'][number]) {
  const text = parts.map((part) => part.text).join('');
  const syllables = parts.flatMap(({ tags, text: said }) =>
    tags.flatMap(({ k }) => (k === undefined ? [] : [{ length: Number(k), text: said }])),
  );
  return { text: text.replaceAll('\\N', '\n').replaceAll('\u2060', ''), syllables };
}

describe('captions with speakers, read by an independent parser', () => {
  /** A name that every format has to escape. */
  const names = ['Anna', '<b>Ben & {Co}, --> *1*'];
  const anySpoken = fc
    .tuple(anyTranscript, fc.array(fc.tuple(fc.nat(60_000), fc.integer({ min: 1, max: 9_000 }), fc.nat(2))))
    .map(([transcript, turns]) => {
      const told = turns.map(([startMs, lengthMs, speaker]) => ({ startMs, endMs: startMs + lengthMs, speaker }));
      return withSpeakers(transcript, { turns: told }, names);
    });
  const nameOfCue = (transcript: Transcript, { speaker }: Cue) => nameOf(transcript, speaker) ?? undefined;

  it('vtt has a voice for each cue, and one speaker in it', async () => {
    await fc.assert(
      fc.asyncProperty(anySpoken, async (transcript) => {
        const { body } = renderTranscript(transcript, 'vtt', { granularity: 'segment' });
        const cues = cuesOf(transcript, { granularity: 'segment' });
        const { cues: read, errors } = await parseText(body, { type: 'vtt', strict: true, errors: true });
        expect(errors).toEqual([]);
        const voices = read.map((cue) => tokenizeVTTCue(cue).find((token) => token.type === 'v'));
        expect(voices.map((voice) => voice?.voice)).toEqual(cues.map((cue) => nameOfCue(transcript, cue)));
        for (const { words } of cues) {
          expect(new Set(words.flat().flatMap(({ speaker }) => speaker ?? [])).size).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('ass has a style for each speaker, and no field too many', () => {
    fc.assert(
      fc.property(anySpoken, (transcript) => {
        const { events, styles } = parseAss(renderTranscript(transcript, 'ass', { granularity: 'segment' }).body);
        const cues = cuesOf(transcript, { granularity: 'segment' });
        expect(styles.style).toHaveLength(1 + (transcript.speakers?.length ?? 0));
        expect(events.dialogue.map(({ Style }) => Style)).toEqual(
          cues.map(({ speaker }) => (speaker === undefined ? 'Default' : `Speaker${speaker + 1}`)),
        );
      }),
    );
  });
});

describe('ass, read by an independent parser', () => {
  it('gives the cues back, in hundredths, for any transcript', () => {
    fc.assert(
      fc.property(anyTranscript, anyOptions, (transcript, options) => {
        const { events } = parseAss(renderTranscript(transcript, 'ass', options).body);
        const heard = events.dialogue.map((event) => [
          Math.round(event.Start * 100),
          Math.round(event.End * 100),
          read(event).text,
        ]);
        const written = (text: string) => text.replaceAll('\u2060', '').replaceAll('{', '｛').replaceAll('}', '｝');
        const expected = rows(cuesOf(transcript, options), written).map(([start, end, text]) => [
          Math.round(Number(start) / 10),
          Math.round(Number(end) / 10),
          text,
        ]);
        expect(heard).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('lights up each word when it is said, and lasts no longer than its cue', () => {
    const captions = { ...DEFAULT_CAPTION_OPTIONS, highlightWords: true };
    fc.assert(
      fc.property(anyTranscript, (transcript) => {
        const options = { granularity: 'segment', captions } as const;
        const { events } = parseAss(renderTranscript(transcript, 'ass', options).body);
        for (const [index, cue] of cuesOf(transcript, options).entries()) {
          const event = events.dialogue[index];
          if (event === undefined) throw new Error('an event is missing');
          const { syllables } = read(event);
          // A word of control characters alone shows nothing.
          const words = cue.words.flat().filter(({ word }) => /[^\p{Cc}\s]/u.test(word));
          expect(syllables.filter(({ text }) => text.trim() !== '')).toHaveLength(words.length);
          const total = syllables.reduce((sum, { length }) => sum + length, 0);
          expect(total).toBeLessThanOrEqual(Math.round(event.End * 100) - Math.round(event.Start * 100));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has only fields that its own format line names', () => {
    fc.assert(
      fc.property(anyTranscript, fc.string(), (transcript, title) => {
        const { body } = renderTranscript(transcript, 'ass', { granularity: 'segment', title });
        const { info, styles } = parseAss(body);
        expect(info).toMatchObject({ ScriptType: 'v4.00+', WrapStyle: '2', PlayResX: '1920' });
        expect(styles.style).toHaveLength(1);
        expect(Object.values(styles.style[0] ?? {})).not.toContain(undefined);
      }),
    );
  });
});
