import type { HallucinationFilter, LikelyLanguage, Segment, Span, Window, WindowResult } from '@sotto/contracts';
import { isHallucination, segmentFlags } from './flags.ts';
import { homeSpan, type PlacedSpan, placeSpans, spansMs, toRecordingMs } from './recording-time.ts';
import { settleTail } from './settle-tail.ts';
import type { TimedToken } from './token-text.ts';
import { settleTimes } from './word-times.ts';
import { buildTokenWords, type TokenWord } from './words.ts';

/** A segment as an engine gives it: window time, raw tokens. */
export interface DecodedSegment {
  startMs: number;
  endMs: number;
  /** Text tokens only. */
  tokens: readonly TimedToken[];
  avgLogprob: number;
  noSpeechProb: number;
  temperature: number;
}

export interface DecodedWindow {
  language: string;
  languageProbability: number | null;
  /** The next likely language, where the language was detected. */
  runnerUp?: LikelyLanguage | undefined;
  segments: readonly DecodedSegment[];
  engineMs: number;
}

export interface MapWindowOptions {
  /** UTF-8 bytes of the text over its zlib size. */
  compressionRatio(text: string): number;
  /** Where speech was heard, in the time of the recording; null: nothing looked for it. */
  speech?: readonly Span[] | null;
  /** `off`: no flags. `drop`: text that two signals speak against is set apart. */
  filter?: HallucinationFilter;
}

/** A pause that lost this much when the window was packed ends a segment: no caption stands through it. */
const SPLIT_AT_CUT_MS = 500;

/**
 * A decoded window as its checkpoint: words built, every time moved to the recording (exact inside a span), clamped and in
 * order; segments without text dropped.
 */
export function mapWindow(window: Window, decoded: DecodedWindow, options: MapWindowOptions): WindowResult {
  const placed = placeSpans(window.spans);
  const parts = settleSegments(decoded, spansMs(window.spans)).flatMap((segment) => toRecording(segment, placed));
  const segments: Segment[] = [];
  let floorMs = 0;
  for (const part of parts) {
    const startMs = Math.max(floorMs, part.startMs);
    const endMs = Math.max(startMs, part.endMs);
    segments.push({ ...finish({ ...part, startMs, endMs }, segments.length, options), language: decoded.language });
    floorMs = endMs;
  }
  const { language, languageProbability, runnerUp, engineMs } = decoded;
  const detected = runnerUp === undefined ? { languageProbability } : { languageProbability, runnerUp };
  const result = { index: window.index, language, ...detected, engineMs };
  if (options.filter !== 'drop') return { ...result, segments, dropped: [] };
  const isDropped = segments.map(({ flags }) => isHallucination(flags));
  return {
    ...result,
    segments: segments.filter((_, at) => !isDropped[at]).map((segment, id) => ({ ...segment, id })),
    dropped: segments.filter((_, at) => isDropped[at]),
  };
}

interface SettledSegment {
  startMs: number;
  endMs: number;
  words: TokenWord[];
  source: DecodedSegment;
}

/**
 * Segments in window time that hold their words. Where segment and alignment overlap, what both say counts: models round
 * segments to the pauses, alignment stretches words into them. A word wholly outside moves its segment's edge, but not
 * into the neighbouring segment.
 */
function settleSegments({ segments, language }: DecodedWindow, lengthMs: number): SettledSegment[] {
  const settled: SettledSegment[] = [];
  let floorMs = 0;
  for (const [index, source] of segments.entries()) {
    const startMs = clamp(source.startMs, floorMs, lengthMs);
    const bounds = { startMs, endMs: clamp(source.endMs, startMs, lengthMs) };
    const words = settleTail(buildTokenWords(source.tokens, language, bounds), bounds.endMs);
    const limitMs = clamp(segments[index + 1]?.startMs ?? lengthMs, bounds.endMs, lengthMs);
    const edges = edgesOf(words, bounds, { startMs: floorMs, endMs: limitMs });
    if (edges === null) continue;
    settled.push({ ...edges, words: clampWords(words, edges), source });
    floorMs = edges.endMs;
  }
  return settled;
}

/** null: there is no text. `room` is what the neighbours leave. */
function edgesOf(words: readonly TokenWord[], bounds: Span, room: Span): Span | null {
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined || words.every(({ word }) => word.trim() === '')) return null;
  let { startMs, endMs } = bounds;
  if (first.startMs < endMs) startMs = Math.max(startMs, first.startMs);
  if (last.endMs > startMs) endMs = Math.min(endMs, last.endMs);
  if (first.startMs >= room.startMs && first.endMs <= bounds.startMs) startMs = first.startMs;
  if (last.startMs >= bounds.endMs) endMs = clamp(last.endMs, bounds.endMs, room.endMs);
  return { startMs, endMs };
}

function clampWords(words: TokenWord[], { startMs, endMs }: Span): TokenWord[] {
  return words.map((word) => ({
    ...word,
    startMs: clamp(word.startMs, startMs, endMs),
    endMs: clamp(word.endMs, startMs, endMs),
  }));
}

/** The segment in recording time, in as many parts as long pauses were cut out of it. */
function toRecording(segment: SettledSegment, placed: PlacedSpan[]): SettledSegment[] {
  const homes = segment.words.map((word) => homeSpan(word.startMs, word.endMs, placed));
  const groups: { words: TokenWord[]; first: PlacedSpan; last: PlacedSpan }[] = [];
  for (const [index, word] of segment.words.entries()) {
    const home = homes[index];
    if (home === undefined) continue;
    const group = groups.at(-1);
    if (group === undefined || home.startMs - group.last.endMs >= SPLIT_AT_CUT_MS) {
      groups.push({ words: [moved(word, home)], first: home, last: home });
    } else {
      group.words.push(moved(word, home));
      group.last = home;
    }
  }
  return groups.map(({ words, first, last }, index) => {
    const settled = settleTimes(words);
    const startMs = index === 0 ? segmentEdge(segment.startMs, first, 'start', placed) : null;
    const endMs = index === groups.length - 1 ? segmentEdge(segment.endMs, last, 'end', placed) : null;
    return {
      words: settled,
      startMs: Math.min(startMs ?? Number.POSITIVE_INFINITY, settled[0]?.startMs ?? 0),
      endMs: Math.max(endMs ?? 0, settled.at(-1)?.endMs ?? 0),
      source: segment.source,
    };
  });
}

function moved(word: TokenWord, home: PlacedSpan): TokenWord {
  const at = (windowMs: number) =>
    home.startMs + clamp(windowMs, home.windowStartMs, home.windowEndMs) - home.windowStartMs;
  return { ...word, startMs: at(word.startMs), endMs: at(word.endMs) };
}

/** A segment's edge in recording time; null when it lies in another span than the word beside it, which then decides. */
function segmentEdge(windowMs: number, home: PlacedSpan, edge: 'start' | 'end', placed: PlacedSpan[]): number | null {
  const isHome =
    edge === 'start'
      ? windowMs >= home.windowStartMs && windowMs < home.windowEndMs
      : windowMs > home.windowStartMs && windowMs <= home.windowEndMs;
  return isHome ? toRecordingMs(windowMs, placed, edge) : null;
}

function finish(part: SettledSegment, id: number, options: MapWindowOptions): Segment {
  const { startMs, endMs, source } = part;
  const tokens = part.words.flatMap((word) => word.tokens);
  const text = part.words.map(({ word }) => word).join('');
  const measured = {
    text,
    words: clampWords(part.words, { startMs, endMs }).map(({ tokens: _, ...word }) => word),
    avgLogprob: source.avgLogprob,
    noSpeechProb: source.noSpeechProb,
    compressionRatio: options.compressionRatio(text),
  };
  return {
    id,
    startMs,
    endMs,
    ...measured,
    confidence: meanProbability(tokens),
    temperature: source.temperature,
    tokens: tokens.map((token) => token.id),
    flags: options.filter === 'off' ? [] : segmentFlags(measured, options.speech ?? null),
  };
}

function meanProbability(tokens: readonly TimedToken[]): number {
  if (tokens.length === 0) return 0;
  return clamp(tokens.reduce((sum, token) => sum + token.probability, 0) / tokens.length, 0, 1);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
