import { type Edit, MAX_JOURNAL_OPERATIONS, SottoError, type Transcript } from '@sotto/contracts';
import { Draft, invalidEdit } from './draft.ts';
import { type EditedTranscript, type Step, type Steps, unedited } from './edited-transcript.ts';
import { type Content, inverse, type Patch, patched } from './patch.ts';
import { type ChangeOperation, perform } from './perform.ts';

/** A transcript with all edits of its journal, given in order. The same every time. */
export function replay(canonical: Transcript, journal: readonly Edit[]): EditedTranscript {
  return journal.reduce(applyEdit, unedited(canonical));
}

/**
 * The transcript with one more edit. Takes as long as what the edit touches.
 *
 * @throws SottoError `invalid_edit`, `journal_full`
 */
export function applyEdit(transcript: EditedTranscript, edit: Edit): EditedTranscript {
  if (transcript.operationCount + edit.operations.length > MAX_JOURNAL_OPERATIONS) {
    throw new SottoError('journal_full', `A transcript takes at most ${MAX_JOURNAL_OPERATIONS} operations.`);
  }
  const [first] = edit.operations;
  if (first?.type === 'undo') return undo(transcript, edit);
  if (first?.type === 'redo') return redo(transcript, edit);
  const draft = new Draft(transcript);
  for (const [index, operation] of edit.operations.entries()) {
    perform(draft, changeOf(operation), `${edit.id}.${index}`);
  }
  const step: Step = { editId: edit.id, patch: draft.patch };
  return next(transcript, edit, draft.content, step.patch, {
    undoable: { step, rest: transcript.undoable },
    redoable: null,
  });
}

function changeOf(operation: Edit['operations'][number]): ChangeOperation {
  if (operation.type === 'undo' || operation.type === 'redo')
    throw invalidEdit('undo and redo must be alone in their edit.');
  return operation;
}

function undo(transcript: EditedTranscript, edit: Edit): EditedTranscript {
  const { undoable, redoable } = transcript;
  if (undoable === null) throw invalidEdit('No edit is in effect that could be taken back.');
  const { step, rest } = undoable;
  const patch = inverse(step.patch);
  return next(transcript, edit, patched(transcript, [patch]), patch, {
    undoable: rest,
    redoable: { step, rest: redoable },
  });
}

function redo(transcript: EditedTranscript, edit: Edit): EditedTranscript {
  const { undoable, redoable } = transcript;
  if (redoable === null) throw invalidEdit('Nothing was taken back that could be brought back.');
  const { step, rest } = redoable;
  return next(transcript, edit, patched(transcript, [step.patch]), step.patch, {
    undoable: { step, rest: undoable },
    redoable: rest,
  });
}

function next(
  { revision, operationCount, undoable, redoable, history }: EditedTranscript,
  { id, operations }: Edit,
  content: Content,
  patch: Patch,
  stacks: { undoable: Steps; redoable: Steps },
): EditedTranscript {
  return {
    revision: revision + 1,
    ...content,
    ...stacks,
    history: { step: { editId: id, patch }, undoable, redoable, operationCount, rest: history },
    operationCount: operationCount + operations.length,
  };
}

/**
 * An earlier revision of a transcript.
 *
 * @throws SottoError `invalid_edit`: there is no such revision
 */
export function atRevision(transcript: EditedTranscript, revision: number): EditedTranscript {
  if (revision > transcript.revision) {
    throw invalidEdit(`The transcript has revision ${transcript.revision}: there is no ${revision} yet.`);
  }
  if (revision === transcript.revision) return transcript;
  const patches: Patch[] = [];
  let earliest = transcript.history;
  let history = transcript.history;
  for (let at = transcript.revision; at > revision && history !== null; at -= 1) {
    patches.push(inverse(history.step.patch));
    earliest = history;
    history = history.rest;
  }
  if (earliest === null) return transcript;
  const { undoable, redoable, operationCount } = earliest;
  return { revision, ...patched(transcript, patches), undoable, redoable, history, operationCount };
}
