import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORDING, type Segment, type Transcript, type Word } from '@sotto/contracts';
import { type DeepgramShape, deepgramRenderer, recordingSchema } from './answers.ts';
import { bareWord, textOfWords } from './words.ts';

const SHAPE: DeepgramShape = {
  isPunctuated: true,
  hasSpeakers: false,
  wording: DEFAULT_WORDING,
  hasParagraphs: false,
  utteranceSplitMs: null,
  isLanguageDetected: false,
  isMultilingual: false,
  isMultichannel: false,
  requestId: 'request',
  createdAtMs: 0,
  sha256: 'ab',
  version: '1.2.3',
  tags: [],
  extra: {},
  ignored: [],
};

/** Half a second a word, from `startMs`. */
function segment(id: number, startMs: number, text: string, speaker?: number): Segment {
  const said = speaker === undefined ? {} : { speaker };
  const words: Word[] = (text.match(/\s*\S+/g) ?? []).map((word, at) => ({
    word,
    startMs: startMs + 500 * at,
    endMs: startMs + 500 * (at + 1),
    confidence: 0.5,
    ...said,
  }));
  const endMs = words.at(-1)?.endMs ?? startMs;
  const odds = { confidence: 0.5, avgLogprob: -0.3, noSpeechProb: 0, compressionRatio: 1, temperature: 0 };
  return { id, startMs, endMs, text, ...odds, tokens: [], words, flags: [], ...said };
}

function transcript(segments: Segment[], rest: Partial<Transcript> = {}): Transcript {
  return {
    text: segments
      .map(({ text }) => text)
      .join('')
      .trim(),
    language: 'en',
    languageProbability: 0.98,
    durationMs: 10_000,
    segments,
    dropped: [],
    model: 'base',
    task: 'transcribe',
    processingMs: 1,
    warnings: [],
    ...rest,
  };
}

const recordingOf = (of: Transcript, shape: Partial<DeepgramShape> = {}) =>
  recordingSchema.strict().parse(JSON.parse(String(deepgramRenderer.render(of, { ...SHAPE, ...shape }))));

const HELLO = segment(0, 0, ' Hello, Anna.');

describe("a transcript in Deepgram's shape", () => {
  it('has the text, its words and what they were heard with', () => {
    const { results, metadata } = recordingOf(transcript([HELLO]), { isLanguageDetected: true });
    expect(results).toEqual({
      channels: [
        {
          alternatives: [
            {
              transcript: 'Hello, Anna.',
              confidence: 0.5,
              words: [
                { word: 'hello', start: 0, end: 0.5, confidence: 0.5, punctuated_word: 'Hello,' },
                { word: 'anna', start: 0.5, end: 1, confidence: 0.5, punctuated_word: 'Anna.' },
              ],
            },
          ],
          detected_language: 'en',
          language_confidence: 0.98,
        },
      ],
    });
    const [model = ''] = metadata.models;
    expect(metadata.model_info).toEqual({ [model]: { name: 'base', version: '1.2.3', arch: 'whisper' } });
    expect(model).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(metadata).toMatchObject({ request_id: 'request', created: '1970-01-01T00:00:00.000Z', duration: 10 });
    expect(Object.keys(metadata)).not.toContain('warnings');
  });

  it('has bare words where punctuation was not asked for', () => {
    const [alternative] =
      recordingOf(transcript([HELLO]), { isPunctuated: false }).results.channels[0]?.alternatives ?? [];
    expect(alternative?.transcript).toBe('hello anna');
    expect(alternative?.words.map(({ punctuated_word: word }) => word)).toEqual([undefined, undefined]);
  });

  it('is there, empty, where nothing was said', () => {
    const silence = transcript([], { language: null, languageProbability: null });
    const shape = { isLanguageDetected: true, hasParagraphs: true, utteranceSplitMs: 800, isMultichannel: true };
    expect(recordingOf(silence, shape).results).toEqual({
      channels: [
        {
          alternatives: [{ transcript: '', confidence: 0, words: [], paragraphs: { transcript: '', paragraphs: [] } }],
        },
      ],
      utterances: [],
    });
  });

  it('tells who speaks, in words, utterances and paragraphs', () => {
    const said = transcript([
      segment(0, 0, ' Hello.', 0),
      segment(1, 500, ' Hi, Anna. Well?', 1),
      segment(2, 5_000, ' Well.', 1),
    ]);
    const { results } = recordingOf(said, { hasSpeakers: true, hasParagraphs: true, utteranceSplitMs: 800 });
    expect(results.utterances?.map(({ start, end, transcript: text, speaker }) => [start, end, text, speaker])).toEqual(
      [
        [0, 0.5, 'Hello.', 0],
        [0.5, 2, 'Hi, Anna. Well?', 1],
        [5, 5.5, 'Well.', 1],
      ],
    );
    expect(new Set(results.utterances?.map(({ id }) => id)).size).toBe(3);
    const [alternative] = results.channels[0]?.alternatives ?? [];
    expect(alternative?.words.map(({ speaker }) => speaker)).toEqual([0, 1, 1, 1, 1]);
    expect(alternative?.paragraphs?.transcript).toBe(
      '\nSpeaker 0: Hello.\n\nSpeaker 1: Hi, Anna. Well?\n\nSpeaker 1: Well.',
    );
    expect(alternative?.paragraphs?.paragraphs[1]).toEqual({
      sentences: [
        { text: 'Hi, Anna.', start: 0.5, end: 1.5 },
        { text: 'Well?', start: 1.5, end: 2 },
      ],
      num_words: 3,
      start: 0.5,
      end: 2,
      speaker: 1,
    });
  });

  it('keeps channels apart, and a silent one among them', () => {
    const speakers = [
      { name: null, channel: 2, ms: 500, words: 1 },
      { name: null, channel: 0, ms: 500, words: 1 },
    ];
    const said = transcript([segment(0, 0, ' Hello.', 0), segment(1, 500, ' Hi.', 1)], { speakers });
    const { results, metadata } = recordingOf(said, { isMultichannel: true, utteranceSplitMs: 800 });
    expect(results.channels.map(({ alternatives }) => alternatives[0]?.transcript)).toEqual(['Hi.', '', 'Hello.']);
    expect(results.utterances?.map(({ channel, transcript: text }) => [channel, text])).toEqual([
      [2, 'Hello.'],
      [0, 'Hi.'],
    ]);
    expect(metadata.channels).toBe(3);
  });

  it('says what had no effect, and what the transcript warns of', () => {
    const warnings = [{ code: 'language_uncertain', detail: 'It may be another one.' }];
    const { metadata } = recordingOf(transcript([HELLO], { warnings }), {
      ignored: ['tier'],
      tags: ['a'],
      extra: { k: 'v' },
    });
    expect(metadata).toMatchObject({
      tags: ['a'],
      extra: { k: 'v' },
      warnings: [
        { parameter: 'tier', type: 'unsupported_parameter', message: 'tier has no effect.' },
        { type: 'language_uncertain', message: 'It may be another one.' },
      ],
    });
  });
});

describe('a bare word', () => {
  it.each([
    [' “Don’t!”', 'don’t'],
    [' U.S.', 'u.s'],
    [' —', '—'],
    [' 50%', '50'],
    ['世界。', '世界'],
  ])('%s is %s', (word, bare) => {
    expect(bareWord(word)).toBe(bare);
  });

  it('keeps the blanks between words, where there are any', () => {
    const words = ['世', '界。', ' Hello,', ' you'].map((word) => ({ word }));
    expect(textOfWords(words, { isPunctuated: false })).toBe('世界 hello you');
  });
});
