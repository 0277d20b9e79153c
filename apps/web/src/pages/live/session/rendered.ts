import { FORMATS, joinTexts, renderTranscript } from '@sotto/transcript';
import type { LiveLine, LiveWord } from './live-text.ts';

type Transcript = Parameters<typeof renderTranscript>[0];
type Segment = Transcript['segments'][number];
type Format = 'text' | 'srt' | 'vtt';

export interface RenderedText {
  content: string;
  ending: string;
  type: string;
}

/** The text of a session as a file, made as the service makes those of recordings. */
export function rendered(lines: readonly LiveLine[], seconds: number, format: Format): RenderedText {
  const { body, contentType } = renderTranscript(transcriptOf(lines, seconds), format, { granularity: 'segment' });
  return { content: body, ending: FORMATS[format].extension, type: contentType };
}

function transcriptOf(lines: readonly LiveLine[], seconds: number): Transcript {
  const text = joinTexts(lines.map((line) => line.text));
  return {
    text,
    language: lines.find(({ language }) => language !== null)?.language ?? null,
    languageProbability: null,
    durationMs: msOf(seconds),
    segments: lines.map(segmentOf),
    dropped: [],
    model: '',
    task: 'transcribe',
    processingMs: 0,
    warnings: [],
  };
}

function segmentOf({ index, text, words }: LiveLine): Segment {
  return {
    id: index,
    startMs: msOf(words[0]?.start ?? 0),
    endMs: msOf(words.at(-1)?.end ?? 0),
    text,
    confidence: words.reduce((sum, { confidence }) => sum + confidence / words.length, 0),
    avgLogprob: 0,
    noSpeechProb: 0,
    compressionRatio: 1,
    temperature: 0,
    tokens: [],
    words: spaced(text, words),
    flags: [],
  };
}

/** Words as a transcript has them, each with the blank that stands before it in the text. */
function spaced(text: string, words: readonly LiveWord[]): Segment['words'] {
  let at = 0;
  return words.map(({ word, start, end, confidence }) => {
    const found = text.indexOf(word, at);
    const isSpaced = /\s/u.test(text.charAt(found - 1));
    at = Math.max(at, found + word.length);
    return { word: isSpaced ? ` ${word}` : word, startMs: msOf(start), endMs: msOf(end), confidence };
  });
}

const msOf = (seconds: number): number => Math.round(seconds * 1_000);
