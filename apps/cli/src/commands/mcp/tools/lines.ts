import type { WireTranscript } from '@sotto/client';

type Spoken = Pick<WireTranscript, 'segments' | 'speakers'>;

/** What was said from one time to another, as text. */
export interface Stretch {
  /** Seconds. */
  from?: number | undefined;
  to?: number | undefined;
  maxCharacters: number;
}

export interface Lines {
  text: string;
  /** Seconds from which the rest can be read; null: this is all. */
  nextFrom: number | null;
}

/** `[1:02:03] Ann: text`, a line for each segment, up to a length. A segment that is longer still is given whole. */
export function linesOf({ segments, speakers = [] }: Spoken, { from = 0, to, maxCharacters }: Stretch): Lines {
  const names = new Map(speakers.map(({ id, name }) => [id, name]));
  const lines: string[] = [];
  let characters = 0;
  for (const { start, end, text, speaker } of segments) {
    if (end <= from || (to !== undefined && start >= to)) continue;
    const who = speaker == null ? '' : `${names.get(speaker) ?? speaker}: `;
    const line = `[${clock(start)}] ${who}${text.trim()}`;
    if (lines.length > 0 && characters + line.length > maxCharacters)
      return { text: lines.join('\n'), nextFrom: start };
    lines.push(line);
    characters += line.length + 1;
  }
  return { text: lines.join('\n'), nextFrom: null };
}

/** `2:03`, `1:02:03` */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
