import type { EditedSegment } from '@sotto/transcript';

export interface Paragraph {
  startMs: number;
  speaker: number | undefined;
  /** Somebody else has spoken before. */
  isOther: boolean;
  text: string;
}

/** From here on, the next end of a sentence ends a paragraph. */
const LONG_CHARACTERS = 500;
const PAUSE_MS = 3_000;

/** The text as it stands on paper: a paragraph ends with its speaker, before a pause, and when it is long. */
export function paragraphsOf(segments: readonly EditedSegment[]): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let endMs = 0;
  for (const { state, startMs, endMs: lineEndMs, speaker, text } of segments) {
    if (state !== 'kept') continue;
    const last = paragraphs.at(-1);
    const isSame = last !== undefined && last.speaker === speaker;
    const isLong = last !== undefined && last.text.length > LONG_CHARACTERS && /[.!?…。！？]$/u.test(last.text);
    if (isSame && !isLong && startMs - endMs < PAUSE_MS) last.text += joined(last.text, text);
    else paragraphs.push({ startMs, speaker, isOther: !isSame, text: text.trim() });
    endMs = lineEndMs;
  }
  return paragraphs;
}

/** Scripts without blanks have none between lines either. */
const joined = (before: string, line: string): string =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(line.trimStart()) || before === ''
    ? line.trimStart()
    : ` ${line.trim()}`;
