import type { WindowResult } from '@sotto/contracts';

/** One result of a window whose parts were transcribed by themselves; its language is that of its longest part. */
export function joinParts(parts: readonly WindowResult[]): WindowResult {
  const [first] = parts;
  if (first === undefined) throw new Error('a window has no parts');
  if (parts.length === 1) return first;
  const lengthOf = ({ segments }: WindowResult) => segments.reduce((sum, { text }) => sum + text.length, 0);
  const { index, language, languageProbability } = parts.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a));
  return {
    index,
    language,
    languageProbability,
    segments: parts.flatMap(({ segments }) => segments).map((segment, id) => ({ ...segment, id })),
    dropped: parts.flatMap(({ dropped }) => dropped),
    engineMs: parts.reduce((sum, { engineMs }) => sum + engineMs, 0),
  };
}
