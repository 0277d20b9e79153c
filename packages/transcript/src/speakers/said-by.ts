import type { Word } from '@sotto/contracts';

/** What is said by somebody, or by nobody who is known. */
export const saidBy = (speaker: number | undefined): { speaker?: number } => (speaker === undefined ? {} : { speaker });

/** Who says these words, which one speaker says: whoever is known of any of them. */
export const speakerOf = (words: readonly Word[]): number | undefined =>
  words.find(({ speaker }) => speaker !== undefined)?.speaker;

/** Whether somebody else says the words that follow. Where nobody is heard, nothing changes. */
export function changesSpeaker(before: readonly Word[], after: readonly Word[]): boolean {
  const [first, second] = [before.findLast(({ speaker }) => speaker !== undefined)?.speaker, speakerOf(after)];
  return first !== undefined && second !== undefined && first !== second;
}
