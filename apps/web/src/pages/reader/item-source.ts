import { client } from '../../api/client.ts';
import type { EditSource } from './editor/source.ts';
import { loadTranscript } from './loading/load-transcript.ts';

/** The transcript of an item, and its journal. @param signal nobody waits for the transcript any more */
export function itemSource(itemId: string, signal: AbortSignal): EditSource {
  return {
    original: () => loadTranscript({ itemId, original: true }, signal),
    journal: (afterRevision) => client.library.edits(itemId, afterRevision),
    send: (baseRevision, edits) => client.library.edit(itemId, { base_revision: baseRevision, edits }),
  };
}
