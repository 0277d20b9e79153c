import {
  type Granularity,
  type Segment,
  speakerId,
  type Transcript,
  type WireTranscript,
  type WireVerboseTranscript,
  type Word,
} from '@sotto/contracts';
import { languagesOf } from './languages.ts';
import { nameOf } from './speakers/name-of.ts';

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
    segments: transcript.segments.map((segment) => toWireSegment(segment, transcript)),
    ...(options.granularity === 'word' && { words: allWords(transcript) }),
    ...speakersOf(transcript),
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
    ...speakersOf(transcript),
    ...turnsOf(transcript),
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

function speakersOf(transcript: Transcript): Pick<WireTranscript, 'speakers'> {
  if (transcript.speakers === undefined) return {};
  return {
    speakers: transcript.speakers.map(({ channel, ms, words }, speaker) => ({
      id: speakerId(speaker),
      name: nameOf(transcript, speaker) ?? '',
      ...(channel !== undefined && { channel: channel + 1 }),
      seconds: seconds(ms),
      words,
    })),
  };
}

function turnsOf({ turns }: Transcript): Pick<WireVerboseTranscript, 'turns'> {
  if (turns === undefined) return {};
  return {
    turns: turns.map(({ speaker, startMs, endMs }) => ({
      speaker: speakerId(speaker),
      start: seconds(startMs),
      end: seconds(endMs),
    })),
  };
}

/** Of a word or segment; nothing, where speakers were not asked for. */
function speakerIn({ speakers }: Transcript, speaker: number | undefined): { speaker?: string | null } {
  if (speakers === undefined) return {};
  return { speaker: speaker === undefined ? null : speakerId(speaker) };
}

function toWireSegment({ id, startMs, endMs, text, confidence, speaker }: Segment, of: Transcript): WireSegment {
  return {
    id,
    start: seconds(startMs),
    end: seconds(endMs),
    text: text.trim(),
    confidence: rounded(confidence),
    ...speakerIn(of, speaker),
  };
}

function toWireVerboseSegment(segment: Segment, transcript: Transcript): WireVerboseSegment {
  return {
    ...toWireSegment(segment, transcript),
    // Hundredths of a second, as in openai/whisper; there it is the window's place, here the segment's.
    seek: Math.round(segment.startMs / 10),
    tokens: segment.tokens,
    temperature: rounded(segment.temperature),
    avg_logprob: rounded(segment.avgLogprob),
    compression_ratio: rounded(segment.compressionRatio),
    no_speech_prob: rounded(segment.noSpeechProb),
    language: segment.language ?? transcript.language,
    words: segment.words.map((word) => toWireWord(word, transcript)),
    flags: segment.flags,
  };
}

function allWords(transcript: Transcript): WireWord[] {
  return transcript.segments.flatMap((segment) => segment.words.map((word) => toWireWord(word, transcript)));
}

function toWireWord({ word, startMs, endMs, confidence, speaker }: Word, of: Transcript): WireWord {
  return {
    word: word.trim(),
    start: seconds(startMs),
    end: seconds(endMs),
    confidence: rounded(confidence),
    ...speakerIn(of, speaker),
  };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

/** Four decimals: more is noise of the model's float arithmetic. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
