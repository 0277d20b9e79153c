import type { EditedTranscript } from './edited-transcript.ts';
import type { Patch } from './patch.ts';

/** What an edit changes: one that changes something of it too has to know. */
export type Touched = Pick<Patch, 'segmentIds' | 'speakerNumbers'>;

/** Also by edits that were taken back, and by taking them back. */
export function touchedSince(
  transcript: EditedTranscript,
  revision: number,
  exceptFor: ReadonlySet<string> = new Set(),
): { segmentIds: Set<string>; speakerNumbers: Set<number> } {
  const segmentIds = new Set<string>();
  const speakerNumbers = new Set<number>();
  let { history } = transcript;
  for (let at = transcript.revision; at > revision && history !== null; at -= 1) {
    const { step } = history;
    history = history.rest;
    if (exceptFor.has(step.editId)) continue;
    for (const id of step.patch.segmentIds) segmentIds.add(id);
    for (const number of step.patch.speakerNumbers) speakerNumbers.add(number);
  }
  return { segmentIds, speakerNumbers };
}
