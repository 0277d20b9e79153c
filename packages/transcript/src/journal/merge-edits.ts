import { type Edit, type EditRequest, SottoError, type WireEditConflict } from '@sotto/contracts';
import { applyEdit, atRevision } from './apply.ts';
import { type EditedTranscript, editsOf, findSegment } from './edited-transcript.ts';
import { type Touched, touchedSince } from './touched.ts';
import { toWireEditedSegment } from './wire.ts';

export interface MergedEdits {
  transcript: EditedTranscript;
  /** Those that are new in the journal, in order. */
  made: Edit[];
}

/**
 * Edits that were made on an older revision, on top of what others have made since. Edits that the journal has already are not
 * made again. An edit merges if nobody else has touched what it touches, and if it touches the same things now.
 *
 * @throws SottoError `edit_conflict`, with what both have made of each segment; `invalid_edit`; `journal_full`
 */
export function mergeEdits(transcript: EditedTranscript, { base_revision, edits }: EditRequest): MergedEdits {
  const made: Edit[] = [];
  const known = new Map([...editsOf(transcript)].map(({ id, revision }) => [id, revision]));
  const own = new Set(edits.map(({ id }) => id));
  const others = touchedSince(transcript, base_revision, own);
  let head = transcript;
  // As its maker sees it: on the old revision, with nothing but the edits that are sent.
  let branch = atRevision(transcript, base_revision);
  for (const edit of edits) {
    const revision = known.get(edit.id);
    if (revision !== undefined && revision <= base_revision) continue;
    const isLevel = branch === head;
    branch = applyEdit(branch, edit);
    if (revision !== undefined) continue;
    head = isLevel ? branch : rebased(head, branch, edit, others);
    known.set(edit.id, head.revision);
    made.push(edit);
  }
  return { transcript: head, made };
}

function rebased(head: EditedTranscript, branch: EditedTranscript, edit: Edit, others: Touched): EditedTranscript {
  const wanted = branch.history?.step.patch;
  if (wanted === undefined) return head;
  if (meet(wanted, others)) throw conflict(head, branch, wanted);
  const merged = attempt(head, edit);
  const touched = merged?.history?.step.patch;
  if (merged === null || touched === undefined || !isSame(wanted, touched)) throw conflict(head, branch, wanted);
  return merged;
}

/** null: it cannot be made here any more. */
function attempt(head: EditedTranscript, edit: Edit): EditedTranscript | null {
  try {
    return applyEdit(head, edit);
  } catch (error) {
    if (error instanceof SottoError && error.code === 'invalid_edit') return null;
    throw error;
  }
}

function meet(one: Touched, other: Touched): boolean {
  return (
    [...one.segmentIds].some((id) => other.segmentIds.has(id)) ||
    [...one.speakerNumbers].some((number) => other.speakerNumbers.has(number))
  );
}

function isSame(one: Touched, other: Touched): boolean {
  const isEqual = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>) => a.size === b.size && [...a].every((each) => b.has(each));
  return isEqual(one.segmentIds, other.segmentIds) && isEqual(one.speakerNumbers, other.speakerNumbers);
}

/** Of very many segments, these are enough to look at. */
const MAX_SHOWN = 50;

function conflict(
  theirs: EditedTranscript,
  yours: EditedTranscript,
  { segmentIds, speakerNumbers }: Touched,
): SottoError {
  const ids = [...segmentIds].slice(0, MAX_SHOWN);
  const conflicts = ids.map(
    (id): WireEditConflict => ({ segment: id, yours: wireSegment(yours, id), theirs: wireSegment(theirs, id) }),
  );
  const what = [
    ...(ids.length > 0 ? [`segments ${ids.join(', ')}`] : []),
    ...(speakerNumbers.size > 0 ? [`speakers ${[...speakerNumbers].join(', ')}`] : []),
  ];
  return new SottoError('edit_conflict', `What was edited is no longer as it was: ${what.join('; ')}.`, {
    fields: { revision: theirs.revision, conflicts },
  });
}

function wireSegment(transcript: EditedTranscript, id: string) {
  const segment = findSegment(transcript, id);
  return segment === undefined ? null : toWireEditedSegment(segment);
}
