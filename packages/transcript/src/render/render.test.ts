import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_CAPTION_OPTIONS,
  GRANULARITIES,
  RESPONSE_FORMATS,
  type ResponseFormat,
  type Transcript,
  wireTranscriptSchema,
  wireVerboseTranscriptSchema,
} from '@sotto/contracts';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { anyTranscript, transcriptOf } from '../../test/arbitraries.ts';
import { golden } from '../../test/golden.ts';
import {
  arabicTranscript,
  chineseTranscript,
  goldenTranscript,
  spokenTranscript,
} from '../../test/golden-transcript.ts';
import { renderTranscript } from './index.ts';
import type { RenderOptions } from './rendered.ts';

const silence = transcriptOf([], 60_000);

/** A docx is its document.xml. */
function textOf(transcript: Transcript, format: ResponseFormat, options: RenderOptions): string {
  const { body } = renderTranscript(transcript, format, options);
  return typeof body === 'string' ? body : strFromU8(unzipSync(body)['word/document.xml'] ?? new Uint8Array());
}

/** Formats to read make no difference between segments and words. */
const BY_SEGMENT_ONLY: readonly ResponseFormat[] = ['md', 'docx', 'rttm'];

describe('renderTranscript', () => {
  for (const format of RESPONSE_FORMATS) {
    it.each(GRANULARITIES)(`${format} by %s is the golden file`, (granularity) => {
      const name = BY_SEGMENT_ONLY.includes(format) ? `${format}-segment` : `${format}-${granularity}`;
      const body = textOf(goldenTranscript, format, { granularity });
      expect(body).toBe(golden(name, body));
      const { contentType } = renderTranscript(goldenTranscript, format, { granularity });
      expect(contentType).toMatch(/^((application|text)\/[\w.-]+; charset=utf-8|application\/vnd[\w.-]+\.document)$/);
    });
  }

  const narrow = {
    ...DEFAULT_CAPTION_OPTIONS,
    maxLineWidth: 20,
    maxLineCount: 3,
    minGapMs: 80,
    maxCharactersPerSecond: 15,
  };
  const highlighted = { ...DEFAULT_CAPTION_OPTIONS, highlightWords: true };
  it.each<[string, Transcript, ResponseFormat, Partial<RenderOptions>]>([
    ['srt-narrow', goldenTranscript, 'srt', { captions: narrow }],
    ['vtt-highlighted', goldenTranscript, 'vtt', { captions: highlighted }],
    ['ass-karaoke', goldenTranscript, 'ass', { captions: highlighted, title: 'speech.mp3' }],
    ['md-titled', goldenTranscript, 'md', { title: 'notes_*1*.mp3' }],
    ['docx-titled', goldenTranscript, 'docx', { title: 'R&D <1>.mp3' }],
    ['srt-chinese', chineseTranscript, 'srt', {}],
    ['vtt-chinese-highlighted', chineseTranscript, 'vtt', { captions: highlighted }],
    ['vtt-arabic', arabicTranscript, 'vtt', {}],
    ['ass-arabic', arabicTranscript, 'ass', {}],
    ['docx-arabic', arabicTranscript, 'docx', {}],
    ...RESPONSE_FORMATS.map((format): [string, Transcript, ResponseFormat, Partial<RenderOptions>] => {
      return [`${format}-speakers`, spokenTranscript, format, { title: 'the call.mp3' }];
    }),
  ])('%s is the golden file', (name, transcript, format, options) => {
    const body = textOf(transcript, format, { granularity: 'segment', ...options });
    expect(body).toBe(golden(name, body));
  });

  it('takes no notice of highlighting where there is one word at a time, or no way to say it', () => {
    for (const [format, granularity] of [
      ['vtt', 'word'],
      ['ass', 'word'],
      ['srt', 'segment'],
    ] as const) {
      const body = textOf(goldenTranscript, format, { granularity, captions: highlighted });
      expect(body).toBe(textOf(goldenTranscript, format, { granularity }));
    }
  });

  it('renders silence as nothing, in each format', () => {
    const silent = (format: ResponseFormat) => textOf(silence, format, { granularity: 'segment' });
    expect(wireTranscriptSchema.parse(JSON.parse(silent('json')))).toMatchObject({ text: '', segments: [] });
    expect(wireVerboseTranscriptSchema.parse(JSON.parse(silent('verbose_json')))).toMatchObject({
      text: '',
      words: [],
    });
    expect(silent('text')).toBe('');
    expect(silent('srt')).toBe('');
    expect(silent('vtt')).toBe('WEBVTT\n');
    expect(silent('ass')).toMatch(/\nFormat: Layer, [^\n]*\n$/);
    expect(silent('tsv')).toBe('start\tend\ttext\n');
    expect(silent('csv')).toBe('start,end,text,confidence\r\n');
    expect(silent('md')).toBe('*English · 00:01:00 · base*\n');
    expect(silent('rttm')).toBe('');
    expect(silent('docx').match(/<w:p>/g)).toHaveLength(1);
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
