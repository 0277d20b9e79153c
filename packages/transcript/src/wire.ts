import type { Granularity, Segment, Transcript, WireTranscript, WireVerboseTranscript, Word } from '@sotto/contracts';
import { languagesOf } from './languages.ts';

export interface WireOptions {
  granularity: Granularity;
}

type WireSegment = WireTranscript['segments'][number];
type WireVerboseSegment = WireVerboseTranscript['segments'][number];
type WireWord = WireVerboseTranscript['words'][number];

/** `response_format=json`; `words` only with word granularity. */
export function toWireTranscript(transcript: Transcript, options: WireOptions): WireTranscript {
  return {
    ...heading(transcript),
    segments: transcript.segments.map(toWireSegment),
    ...(options.granularity === 'word' && { words: allWords(transcript) }),
    ...closing(transcript),
  };
}

/** `response_format=verbose_json`: all that is known, words always. */
export function toWireVerbose(transcript: Transcript): WireVerboseTranscript {
  return {
    task: transcript.task,
    ...heading(transcript),
    languages: languagesOf(transcript).map(({ code, ms }) => ({ code, seconds: seconds(ms) })),
    segments: transcript.segments.map((segment) => toWireVerboseSegment(segment, transcript)),
    words: allWords(transcript),
    dropped_segments: transcript.dropped.map((segment) => toWireVerboseSegment(segment, transcript)),
    ...closing(transcript),
  };
}

function heading({ text, language, languageProbability, durationMs }: Transcript) {
  return {
    text,
    language,
    language_probability: languageProbability === null ? null : rounded(languageProbability),
    duration: seconds(durationMs),
  };
}

function closing({ model, processingMs, warnings }: Transcript) {
  return { model, processing_time: seconds(processingMs), warnings };
}

function toWireSegment({ id, startMs, endMs, text, confidence }: Segment): WireSegment {
  return { id, start: seconds(startMs), end: seconds(endMs), text: text.trim(), confidence: rounded(confidence) };
}

function toWireVerboseSegment(segment: Segment, { language }: Transcript): WireVerboseSegment {
  return {
    ...toWireSegment(segment),
    // Hundredths of a second, as in openai/whisper; there it is the window's place, here the segment's.
    seek: Math.round(segment.startMs / 10),
    tokens: segment.tokens,
    temperature: rounded(segment.temperature),
    avg_logprob: rounded(segment.avgLogprob),
    compression_ratio: rounded(segment.compressionRatio),
    no_speech_prob: rounded(segment.noSpeechProb),
    language: segment.language ?? language,
    words: segment.words.map(toWireWord),
    flags: segment.flags,
  };
}

function allWords(transcript: Transcript): WireWord[] {
  return transcript.segments.flatMap((segment) => segment.words.map(toWireWord));
}

function toWireWord({ word, startMs, endMs, confidence }: Word): WireWord {
  return { word: word.trim(), start: seconds(startMs), end: seconds(endMs), confidence: rounded(confidence) };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

/** Four decimals: more is noise of the model's float arithmetic. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
