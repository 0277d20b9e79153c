import type { Edit } from '@sotto/contracts/wire';
import { applyEdit, type EditedTranscript } from '@sotto/transcript';
import { nextTask } from '../next-task.ts';

/** An edit may be of one operation or of a thousand: what counts is how long the page has not answered. */
const TASK_MS = 8;

/** The transcript with edits of a journal, which may be long. */
export async function replayed(transcript: EditedTranscript, journal: readonly Edit[]): Promise<EditedTranscript> {
  let newest = transcript;
  let begunMs = performance.now();
  for (const edit of journal) {
    if (performance.now() - begunMs > TASK_MS) {
      await nextTask();
      begunMs = performance.now();
    }
    newest = applyEdit(newest, edit);
  }
  return newest;
}
