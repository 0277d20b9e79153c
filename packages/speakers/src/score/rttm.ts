import type { NamedTurn } from './der.ts';

/** The turns of a file; other lines than SPEAKER's are skipped. @throws RangeError for a line without times or a name */
export function readRttm(text: string): (NamedTurn & { speaker: string })[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([kind]) => kind === 'SPEAKER')
    .map((fields) => {
      const [start, length, speaker] = [Number(fields[3]), Number(fields[4]), fields[7]];
      if (!(start >= 0 && length >= 0) || speaker === undefined) throw new RangeError(`no turn: ${fields.join(' ')}`);
      return { start, end: start + length, speaker };
    });
}
