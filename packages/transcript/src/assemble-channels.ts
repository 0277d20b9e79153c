import type { Segment, Span, SpeakerTurn, Transcript, Window, WindowResult, Word } from '@sotto/contracts';
import { type AssembleMeta, assemble, mainLanguage } from './assemble.ts';
import { joinTexts } from './join-texts.ts';
import { amountOf } from './speakers/amount-of.ts';
import { saidBy } from './speakers/said-by.ts';
import { segmentParts } from './speakers/segment-parts.ts';

/** What of a plan tells whose each window is. */
export interface ChannelPlan {
  windows: readonly Window[];
  /** Of all channels, by its start. */
  speech?: readonly (Span & { channel?: number | undefined })[] | undefined;
}

interface ChannelSegment {
  channel: number;
  segment: Segment;
}

/**
 * The transcript of a recording whose channels were transcribed by themselves, merged by time. Each channel that says something
 * is a speaker. Segments of different channels may overlap, as people do; those of one are in order.
 */
export function assembleChannels(
  results: readonly WindowResult[],
  { windows, speech = [] }: ChannelPlan,
  meta: AssembleMeta,
): Transcript {
  const channelOf = new Map(windows.map(({ index, channel = 0 }) => [index, channel]));
  const channels = [...new Set(channelOf.values())].sort((a, b) => a - b);
  const parts = channels.map((channel) => ({
    channel,
    transcript: assemble(
      results.filter(({ index }) => channelOf.get(index) === channel),
      meta,
    ),
  }));
  const said = merged(
    parts.map(({ channel, transcript }) => transcript.segments.map((segment) => ({ channel, segment }))),
  );
  const dropped = parts.flatMap(({ transcript }) => transcript.dropped);
  const speakers = [...new Set(said.map(({ channel }) => channel))];
  const numberOf = new Map(speakers.map((channel, number) => [channel, number]));
  const segments = said.map(({ channel, segment }, id) => ({ ...saidIn(segment, numberOf.get(channel)), id }));
  const turns = speech.flatMap(({ startMs, endMs, channel = 0 }): SpeakerTurn[] => {
    const speaker = numberOf.get(channel);
    return speaker === undefined ? [] : [{ startMs, endMs, speaker }];
  });
  const words = segments.flatMap((segment) => segment.words);
  return {
    ...assemble([], meta),
    text: joinTexts(segments.map(({ text }) => text)),
    ...mainLanguage(results),
    segments,
    dropped: dropped.sort(byStart).map((segment, id) => ({ ...segment, id })),
    speakers: speakers.map((channel, number) => ({
      name: null,
      channel,
      ...amountOf(number, turns, words),
    })),
    turns,
  };
}

function saidIn(segment: Segment, speaker: number | undefined): Segment {
  return {
    ...segment,
    ...saidBy(speaker),
    words: segment.words.map((word) => ({ ...word, ...saidBy(speaker) })),
  };
}

/** Who is silent for so long has been answered, if somebody else speaks. */
const ANSWERED_MS = 500;

/** Segments of all channels by their start. One ends where somebody else begins to speak in its pause. */
function merged(channels: readonly ChannelSegment[][]): ChannelSegment[] {
  return channels
    .flatMap((own) => {
      const others = channels.filter((other) => other !== own).flatMap((other) => other.flatMap(wordStarts));
      return cutAtAnswers(
        own,
        others.sort((a, b) => a - b),
      );
    })
    .sort((a, b) => byStart(a.segment, b.segment));
}

const wordStarts = ({ segment: { words, startMs } }: ChannelSegment): number[] =>
  words.length === 0 ? [startMs] : words.map((word) => word.startMs);

function cutAtAnswers(own: readonly ChannelSegment[], others: readonly number[]): ChannelSegment[] {
  let next = 0;
  const isAnswered = (before: Word, after: Word): boolean => {
    if (after.startMs - before.endMs < ANSWERED_MS) return false;
    while ((others[next] ?? Number.POSITIVE_INFINITY) < before.endMs) next++;
    return (others[next] ?? Number.POSITIVE_INFINITY) < after.startMs;
  };
  return own.flatMap(({ channel, segment }) => {
    const groups: Word[][] = [];
    for (const word of segment.words) {
      const group = groups.at(-1);
      const before = group?.at(-1);
      if (group === undefined || before === undefined || isAnswered(before, word)) groups.push([word]);
      else group.push(word);
    }
    return segmentParts(segment, groups).map((part) => ({ channel, segment: part }));
  });
}

const byStart = (a: Segment, b: Segment): number => a.startMs - b.startMs;
