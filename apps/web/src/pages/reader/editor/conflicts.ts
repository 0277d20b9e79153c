import { SottoError } from '@sotto/client';
import type { EditOperation, WireEditConflict } from '@sotto/contracts/wire';
import { type EditedTranscript, segmentsOf, textChange } from '@sotto/transcript';

/** What both have made of each segment; null: it is no conflict. */
export function conflictsOf(error: unknown): WireEditConflict[] | null {
  if (!(error instanceof SottoError) || error.code !== 'edit_conflict') return null;
  const { conflicts } = error.fields;
  return Array.isArray(conflicts) ? (conflicts as WireEditConflict[]) : [];
}

/** Ids of the segments. */
export const conflicting = (conflicts: readonly WireEditConflict[]): Set<string> =>
  new Set(conflicts.map(({ segment }) => segment));

/** What makes of some segments what they are elsewhere. */
export function differences(from: EditedTranscript, to: EditedTranscript, ids: ReadonlySet<string>): EditOperation[] {
  const wanted = new Map(segmentsOf(to).map((segment) => [segment.id, segment]));
  return segmentsOf(from).flatMap((segment): EditOperation[] => {
    const other = ids.has(segment.id) ? wanted.get(segment.id) : undefined;
    if (other === undefined || segment.state !== 'kept' || other.state !== 'kept') return [];
    const change = textChange(segment, other.text);
    const speaker = other.speaker ?? null;
    return [
      ...(change === null ? [] : [change]),
      ...(speaker === (segment.speaker ?? null)
        ? []
        : [{ type: 'set_speaker' as const, segments: [segment.id], speaker }]),
    ];
  });
}

export function touches(operation: EditOperation, segments: ReadonlySet<string>): boolean {
  if ('segment' in operation) return segments.has(operation.segment);
  return operation.type === 'set_speaker' && operation.segments.some((segment) => segments.has(segment));
}
