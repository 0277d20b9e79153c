import type { NamedTurn } from './der.ts';

/** Turns as NIST's Rich Transcription Time Marked, a line each. @param uri the recording's name, without spaces */
export const toRttm = (turns: readonly NamedTurn[], uri: string): string =>
  turns
    .map(({ start, end, speaker }) => {
      const name = typeof speaker === 'number' ? `SPEAKER_${String(speaker).padStart(2, '0')}` : speaker;
      return `SPEAKER ${uri} 1 ${start.toFixed(3)} ${(end - start).toFixed(3)} <NA> <NA> ${name} <NA> <NA>\n`;
    })
    .join('');

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
