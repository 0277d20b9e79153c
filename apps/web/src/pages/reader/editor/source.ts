import type { Edit, WireEditsMade, WireJournalEntry } from '@sotto/contracts/wire';
import type { EditedTranscript } from '@sotto/transcript';

/** Where a transcript comes from, and where its edits go. */
export interface EditSource {
  /** As it was heard. */
  original(): Promise<EditedTranscript>;
  /** Edits after a revision, in order. */
  journal(afterRevision: number): Promise<WireJournalEntry[]>;
  /**
   * Makes edits on a revision: all of them or none.
   *
   * @throws SottoError `edit_conflict` where somebody else has changed the same, `invalid_edit`
   */
  send(baseRevision: number, edits: Edit[]): Promise<WireEditsMade>;
}

/** What this browser still has to send for one item. */
export interface PendingEdits {
  /** Of the transcript that the first of them was made on. */
  baseRevision: number;
  edits: Edit[];
}

/** Keeps what is pending, whatever becomes of the tab. */
export interface PendingStore {
  load(): Promise<PendingEdits | null>;
  save(pending: PendingEdits): Promise<void>;
}
