import { MAX_EDITED_SPEAKERS } from '@sotto/contracts';
import { saidBy } from '../speakers/said-by.ts';
import { type Draft, invalidEdit } from './draft.ts';
import { saidIn } from './segment-words.ts';

export function setSpeaker(draft: Draft, ids: readonly string[], number: number | null): void {
  const speaker = number ?? undefined;
  if (speaker !== undefined) makeSpeaker(draft, speaker);
  for (const id of ids) {
    const found = draft.findKept(id);
    const { speaker: _, ...unsaid } = found.segment;
    draft.replace(found, { ...unsaid, ...saidBy(speaker), words: saidIn(unsaid.words, speaker) });
  }
}

/** The number after the last one makes another speaker. */
function makeSpeaker(draft: Draft, speaker: number): void {
  const count = draft.speakers.length;
  if (speaker > count) throw invalidEdit(`There are ${count} speakers: the next one made is ${count}, not ${speaker}.`);
  if (speaker >= MAX_EDITED_SPEAKERS) throw invalidEdit(`There are at most ${MAX_EDITED_SPEAKERS} speakers.`);
  if (speaker === count) draft.putSpeaker(speaker, { name: null });
}

export function renameSpeaker(draft: Draft, speaker: number, name: string | null): void {
  const known = draft.speakers[speaker];
  if (known === undefined) throw invalidEdit(`There is no speaker ${speaker}.`);
  draft.putSpeaker(speaker, { ...known, name });
}
