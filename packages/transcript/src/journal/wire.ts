import type {
  Segment,
  SegmentFlag,
  Transcript,
  WireEditedSegment,
  WireEditedTranscript,
  WireEditsMade,
  WireJournalEntry,
} from '@sotto/contracts';
import { wordsOf } from '../captions/transcript-words.ts';
import { saidBy } from '../speakers/said-by.ts';
import type { EditedSegment, EditedSpeaker } from './edited-segment.ts';
import { canRedo, canUndo, type EditedTranscript, segmentsOf, uneditedOf } from './edited-transcript.ts';
import { touchedSince } from './touched.ts';

/** Some of the segments: those that end after a moment, and of these at most so many. */
export interface SegmentRange {
  fromMs?: number | undefined;
  limit?: number | undefined;
}

/** `GET /library/{id}/transcript`. */
export function toWireEdited(
  edited: EditedTranscript,
  { language, durationMs, processingMs }: Transcript,
  { fromMs = 0, limit }: SegmentRange = {},
): WireEditedTranscript {
  const later = segmentsOf(edited).filter(({ endMs }) => endMs >= fromMs);
  return {
    ...progressOf(edited),
    language,
    duration: durationMs / 1000,
    processing_time: processingMs / 1000,
    segments: later.slice(0, limit).map(toWireEditedSegment),
    speakers: edited.speakers.map(toWireSpeaker),
  };
}

/**
 * `POST /library/{id}/edits`.
 *
 * @param edits that were made since `baseRevision`
 */
export function toWireEditsMade(
  edited: EditedTranscript,
  baseRevision: number,
  edits: readonly WireJournalEntry[],
): WireEditsMade {
  const { segmentIds } = touchedSince(edited, baseRevision);
  const segments = segmentsOf(edited).filter(({ id }) => segmentIds.delete(id));
  return {
    ...progressOf(edited),
    edits: [...edits],
    segments: segments.map(toWireEditedSegment),
    removed: [...segmentIds],
    speakers: edited.speakers.map(toWireSpeaker),
  };
}

function progressOf(edited: EditedTranscript) {
  return { revision: edited.revision, can_undo: canUndo(edited), can_redo: canRedo(edited) };
}

function toWireSpeaker({ name, channel }: EditedSpeaker): WireEditedTranscript['speakers'][number] {
  return { name, ...(channel !== undefined && { channel: channel + 1 }) };
}

/** A segment without words is given those that operations count. */
export function toWireEditedSegment(segment: EditedSegment): WireEditedSegment {
  const { id, state, startMs, endMs, text, confidence, speaker, language, flags } = segment;
  return {
    id,
    state,
    start: startMs / 1000,
    end: endMs / 1000,
    text,
    confidence: rounded(confidence),
    speaker: speaker ?? null,
    language: language ?? null,
    flags,
    words: wordsOf(segment).map((word) => ({
      word: word.word,
      start: word.startMs / 1000,
      end: word.endMs / 1000,
      confidence: rounded(word.confidence),
      speaker: word.speaker ?? null,
    })),
  };
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** What the wire does not tell of a segment, and no editor needs. */
const UNTOLD: Pick<Segment, 'avgLogprob' | 'noSpeechProb' | 'compressionRatio' | 'temperature' | 'tokens'> = {
  avgLogprob: 0,
  noSpeechProb: 0,
  compressionRatio: 1,
  temperature: 0,
  tokens: [],
};

/**
 * A transcript before its first edit, from revision 0 as the wire has it: for a page that makes edits itself, without waiting for
 * the answer. All of the journal can be made on it.
 */
export function fromWireUnedited({ segments, speakers }: WireEditedTranscript): EditedTranscript {
  return uneditedOf(segments.map(fromWireSegment), fromWireSpeakers(speakers));
}

export function fromWireSpeakers(speakers: WireEditedTranscript['speakers']): EditedSpeaker[] {
  return speakers.map(({ name, channel }) => ({ name, ...(channel !== undefined && { channel: channel - 1 }) }));
}

export function fromWireSegment(segment: WireEditedSegment): EditedSegment {
  const { id, state, start, end, text, confidence, speaker, language, flags, words } = segment;
  return {
    ...UNTOLD,
    id,
    state,
    startMs: milliseconds(start),
    endMs: milliseconds(end),
    text,
    confidence,
    ...(language !== null && { language }),
    ...saidBy(speaker ?? undefined),
    flags: flags as SegmentFlag[],
    words: words.map((word) => ({
      word: word.word,
      startMs: milliseconds(word.start),
      endMs: milliseconds(word.end),
      confidence: word.confidence,
      ...saidBy(word.speaker ?? undefined),
    })),
  };
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1000);
