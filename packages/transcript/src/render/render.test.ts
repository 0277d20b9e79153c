import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  GRANULARITIES,
  RESPONSE_FORMATS,
  type Transcript,
  wireTranscriptSchema,
  wireVerboseTranscriptSchema,
} from '@sotto/contracts';
import fc from 'fast-check';
import { type CaptionsFileFormat, parseText, tokenizeVTTCue, type VTTCue } from 'media-captions';
import { anyTranscript, transcriptOf } from '../../test/arbitraries.ts';
import { goldenTranscript } from '../../test/golden-transcript.ts';
import { shapeCues, wordCues } from '../captions/cues.ts';
import { renderTranscript } from './index.ts';

const silence = transcriptOf([], 60_000);

/** `UPDATE_GOLDEN=1` writes them anew; read the difference before you commit it. */
function golden(name: string, body: string): string {
  const path = new URL(`../../test/golden/${name}.golden`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, body);
  return readFileSync(path, 'utf8');
}

describe('renderTranscript', () => {
  for (const format of RESPONSE_FORMATS) {
    it.each(GRANULARITIES)(`${format} by %s is the golden file`, (granularity) => {
      const { body, contentType } = renderTranscript(goldenTranscript, format, { granularity });
      expect(body).toBe(golden(`${format}-${granularity}`, body));
      expect(contentType).toMatch(/^(application|text)\/[\w.-]+; charset=utf-8$/);
    });
  }

  it('renders silence as nothing, in each format', () => {
    const bodies = RESPONSE_FORMATS.map((format) => renderTranscript(silence, format, { granularity: 'segment' }).body);
    const [json, verbose, ...rest] = bodies;
    expect(wireTranscriptSchema.parse(JSON.parse(json ?? ''))).toMatchObject({ text: '', segments: [] });
    expect(wireVerboseTranscriptSchema.parse(JSON.parse(verbose ?? ''))).toMatchObject({ text: '', words: [] });
    expect(rest).toEqual(['', '', 'WEBVTT\n', 'start\tend\ttext\n']);
  });

  it('gives JSON of the documented shape for any transcript', () => {
    fc.assert(
      fc.property(anyTranscript, fc.constantFrom(...GRANULARITIES), (transcript, granularity) => {
        const json = JSON.parse(renderTranscript(transcript, 'json', { granularity }).body);
        expect(wireTranscriptSchema.strict().parse(json)).toEqual(json);
        expect(json.words === undefined).toBe(granularity === 'segment');
        const verbose = JSON.parse(renderTranscript(transcript, 'verbose_json', { granularity }).body);
        expect(wireVerboseTranscriptSchema.strict().parse(verbose)).toEqual(verbose);
      }),
    );
  });

  it('gives a table that reads back', () => {
    fc.assert(
      fc.property(anyTranscript, (transcript) => {
        const { body } = renderTranscript(transcript, 'tsv', { granularity: 'segment' });
        const rows = body.trimEnd().split('\n').slice(1);
        expect(rows).toHaveLength(transcript.segments.length);
        for (const [index, row] of rows.entries()) {
          expect(row.split('\t')).toHaveLength(3);
          expect(Number(row.split('\t')[1])).toBe(transcript.segments[index]?.endMs);
        }
      }),
    );
  });
});

/** An independent, strict parser's view: [startMs, endMs, text]. */
async function parsed(body: string, type: CaptionsFileFormat, textOf: (cue: VTTCue) => string) {
  const { cues, errors } = await parseText(body, { type, strict: true, errors: true });
  expect(errors).toEqual([]);
  return cues.map((cue) => [Math.round(cue.startTime * 1000), Math.round(cue.endTime * 1000), textOf(cue)]);
}

function plainText(cue: VTTCue): string {
  return tokenizeVTTCue(cue)
    .map((token) => (token.type === 'text' ? token.data : `[markup ${token.type}]`))
    .join('');
}

const cuesOf = (transcript: Transcript, granularity: 'word' | 'segment') =>
  granularity === 'word' ? wordCues(transcript) : shapeCues(transcript);

describe('captions, read by an independent parser', () => {
  it('vtt gives the cues back, for any transcript', async () => {
    await fc.assert(
      fc.asyncProperty(anyTranscript, fc.constantFrom(...GRANULARITIES), async (transcript, granularity) => {
        const { body } = renderTranscript(transcript, 'vtt', { granularity });
        const expected = cuesOf(transcript, granularity).map(({ startMs, endMs, lines }) => [
          startMs,
          endMs,
          lines.join('\n'),
        ]);
        expect(await parsed(body, 'vtt', plainText)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('srt gives the cues back, for any transcript', async () => {
    await fc.assert(
      fc.asyncProperty(anyTranscript, fc.constantFrom(...GRANULARITIES), async (transcript, granularity) => {
        const { body } = renderTranscript(transcript, 'srt', { granularity });
        const expected = cuesOf(transcript, granularity).map(({ startMs, endMs, lines }) => [
          startMs,
          endMs,
          lines.join('\n').replaceAll('-->', '→'),
        ]);
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
