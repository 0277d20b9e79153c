import type { EditOperation } from '@sotto/contracts';
import { mergeSegments, moveBoundary, splitSegment } from './boundaries.ts';
import { type Draft, invalidEdit } from './draft.ts';
import { replaceText } from './replace-text.ts';
import { rootOf } from './slots.ts';
import { renameSpeaker, setSpeaker } from './speakers.ts';

export type ChangeOperation = Exclude<EditOperation, { type: 'undo' | 'redo' }>;

/**
 * @param mark of the operation, unlike that of any other
 * @throws SottoError `invalid_edit`; the draft is of no use then
 */
export function perform(draft: Draft, operation: ChangeOperation, mark: string): void {
  switch (operation.type) {
    case 'replace_text':
      replaceText(draft, operation);
      break;
    case 'split':
      splitSegment(draft, operation.segment, operation.at_word, `${rootOf(operation.segment)}.${mark}`);
      break;
    case 'merge':
      mergeSegments(draft, operation.segment);
      break;
    case 'move_boundary':
      moveBoundary(draft, operation.segment, operation.words);
      break;
    case 'set_speaker':
      setSpeaker(draft, operation.segments, operation.speaker);
      break;
    case 'rename_speaker':
      renameSpeaker(draft, operation.speaker, operation.name);
      break;
    case 'delete':
      deleteSegment(draft, operation.segment);
      break;
    case 'restore':
      restoreSegment(draft, operation.segment);
      break;
  }
}

function deleteSegment(draft: Draft, id: string): void {
  const found = draft.findKept(id);
  draft.replace(found, { ...found.segment, state: 'deleted' });
}

function restoreSegment(draft: Draft, id: string): void {
  const found = draft.find(id);
  if (found.segment.state === 'kept') throw invalidEdit(`Segment ${id} is part of the text.`);
  draft.replace(found, { ...found.segment, state: 'kept' });
}
