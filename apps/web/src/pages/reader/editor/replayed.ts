import type { Edit } from '@sotto/contracts/wire';
import { applyEdit, type EditedTranscript } from '@sotto/transcript';
import { nextTask } from '../next-task.ts';

/** So many edits are made at once. */
const EDITS_A_TASK = 50;

/** The transcript with edits of a journal, which may be long. */
export async function replayed(transcript: EditedTranscript, journal: readonly Edit[]): Promise<EditedTranscript> {
  let newest = transcript;
  for (let at = 0; at < journal.length; at += EDITS_A_TASK) {
    if (at > 0) await nextTask();
    newest = journal.slice(at, at + EDITS_A_TASK).reduce(applyEdit, newest);
  }
  return newest;
}
