import type { Segment, Span, SpeakerTurn, Transcript } from '@sotto/contracts';
import { united, without } from './spans.ts';

/** Words so close are one stretch of speech. */
const PAUSE_MS = 1000;

/**
 * Who speaks when, after segments were given to others: what a speaker says no more is no longer their turn, and what they
 * say now is. Elsewhere turns stay as they were heard, also where nobody's words are.
 */
export function editedTurns({ turns = [], segments: before }: Transcript, after: readonly Segment[]): SpeakerTurn[] {
  const [said, says] = [speechOf(before), speechOf(after)];
  const changed = [...new Set([...said.keys(), ...says.keys()])].flatMap((speaker) => {
    const [old, current] = [said.get(speaker) ?? [], says.get(speaker) ?? []];
    const [lost, gained] = [without(old, current), without(current, old)];
    return lost.length + gained.length === 0 ? [] : [{ speaker, lost, gained }];
  });
  if (changed.length === 0) return turns;
  const isChanged = new Set(changed.map(({ speaker }) => speaker));
  const others = turns.filter(({ speaker }) => !isChanged.has(speaker));
  const own = changed.flatMap(({ speaker, lost, gained }) => {
    const heard = united(turns.filter((turn) => turn.speaker === speaker));
    const left = heard.flatMap((turn) => leftOf(turn, lost, says.get(speaker) ?? []));
    return united([...left, ...gained]).map((span) => ({ ...span, speaker }));
  });
  return [...others, ...own].sort((a, b) => a.startMs - b.startMs);
}

/** Of a turn that loses speech, the parts in which there is some left: its edges without words are nobody's either. */
function leftOf(turn: Span, lost: readonly Span[], speech: readonly Span[]): Span[] {
  const parts = without([turn], lost);
  if (parts.length === 1 && parts[0]?.startMs === turn.startMs && parts[0].endMs === turn.endMs) return parts;
  return parts.filter((part) => speech.some((span) => span.startMs < part.endMs && part.startMs < span.endMs));
}

/** By speaker, when the words of their segments are said. */
function speechOf(segments: readonly Segment[]): Map<number, Span[]> {
  const speech = new Map<number, Span[]>();
  for (const segment of segments) {
    if (segment.speaker === undefined) continue;
    const spans = speech.get(segment.speaker) ?? [];
    spans.push(...stretches(segment.words.length > 0 ? segment.words : [segment]));
    speech.set(segment.speaker, spans);
  }
  for (const [speaker, spans] of speech) speech.set(speaker, united(spans));
  return speech;
}

function stretches(parts: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const { startMs, endMs } of parts) {
    const last = found.at(-1);
    if (last !== undefined && startMs - last.endMs < PAUSE_MS) last.endMs = Math.max(last.endMs, endMs);
    else found.push({ startMs, endMs });
  }
  return found;
}
