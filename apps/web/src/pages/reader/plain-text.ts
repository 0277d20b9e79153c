import type { EditedSegment } from '@sotto/transcript';
import { clockText } from '../../i18n/durations.ts';

/** What stands before the words. */
export interface TextParts {
  times: boolean;
  speakers: boolean;
}

/** Lines that belong together: of one speaker, as long as nobody else speaks. */
export interface Turn {
  startMs: number;
  speaker: number | undefined;
  texts: string[];
}

export function turnsOf(segments: readonly EditedSegment[]): Turn[] {
  const turns: Turn[] = [];
  for (const { state, startMs, speaker, text } of segments) {
    const last = turns.at(-1);
    if (state !== 'kept') continue;
    if (last !== undefined && last.speaker === speaker) last.texts.push(text.trim());
    else turns.push({ startMs, speaker, texts: [text.trim()] });
  }
  return turns;
}

/** What is said: with speakers a paragraph for each turn, else, or with times, a line for each line. */
export function plainText(
  segments: readonly EditedSegment[],
  nameOf: (speaker: number) => string,
  { times, speakers: wantsSpeakers }: TextParts,
): string {
  const speakers = wantsSpeakers && segments.some(({ speaker }) => speaker !== undefined);
  if (!times && speakers) {
    return turnsOf(segments)
      .map(({ speaker, texts }) => `${prefix(speaker, nameOf)}${texts.join(' ')}`)
      .join('\n\n');
  }
  const kept = segments.filter(({ state }) => state === 'kept');
  return kept
    .map(({ startMs, speaker, text }, at) => {
      const isOther = speakers && (at === 0 || kept[at - 1]?.speaker !== speaker);
      return `${times ? `${clockText(startMs / 1000)} ` : ''}${isOther ? prefix(speaker, nameOf) : ''}${text.trim()}`;
    })
    .join('\n');
}

const prefix = (speaker: number | undefined, nameOf: (speaker: number) => string): string =>
  speaker === undefined ? '' : `${nameOf(speaker)}: `;
