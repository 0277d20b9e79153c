import type { Edit } from '@sotto/contracts/wire';
import { applyEdit, type EditedTranscript } from '@sotto/transcript';

/** An edit that the service does not have yet. */
export interface PendingEdit {
  edit: Edit;
  /** The transcript with it. */
  after: EditedTranscript;
}

const MOST_AT_ONCE = 50;
/** The service takes 256 kB, and a character may be three bytes. */
const MOST_CHARACTERS = 80_000;

export const editsOf = (pending: readonly PendingEdit[]): Edit[] => pending.map(({ edit }) => edit);

/** Those that one request takes: the first one, and as many more as there is room for. */
export function nextBatch(pending: readonly PendingEdit[]): Edit[] {
  let characters = 0;
  const batch = editsOf(pending.slice(0, MOST_AT_ONCE));
  const end = batch.findIndex((edit) => {
    characters += JSON.stringify(edit).length;
    return characters > MOST_CHARACTERS;
  });
  return end < 0 ? batch : batch.slice(0, Math.max(1, end));
}

/** Edits on a transcript. What is impossible there is no longer pending. */
export function pendingOn(base: EditedTranscript, edits: readonly Edit[]): PendingEdit[] {
  const pending: PendingEdit[] = [];
  for (const edit of edits) {
    try {
      pending.push({ edit, after: applyEdit(pending.at(-1)?.after ?? base, edit) });
    } catch {}
  }
  return pending;
}
