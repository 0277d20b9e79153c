import type { WireEditConflict } from '@sotto/contracts/wire';
import { canRedo, canUndo, type EditedTranscript } from '@sotto/transcript';

/** `opening`: not all is there. `offline`: sent as soon as the service is there again. `conflict`: somebody has to choose. `refused`: the service will not have it. */
export type SaveState = 'opening' | 'saved' | 'saving' | 'offline' | 'conflict' | 'refused';

export interface EditorState {
  /** With all edits that were made here; while it is opened, only its first lines. */
  transcript: EditedTranscript;
  canUndo: boolean;
  canRedo: boolean;
  save: SaveState;
  /** Edits that the service does not have yet. */
  pending: number;
  /** What both have made of the same segments. */
  conflicts: readonly WireEditConflict[];
  /** Why the service refuses. */
  error: unknown;
}

/** What of a state follows from the transcript. */
export const described = (transcript: EditedTranscript) => ({
  transcript,
  canUndo: canUndo(transcript),
  canRedo: canRedo(transcript),
});
