import { client } from '../../api/client.ts';
import type { EditSource } from './editor/source.ts';
import { loadOriginal } from './loading/load-original.ts';

/** The transcript of an item, and its journal. */
export function itemSource(itemId: string): EditSource {
  return {
    original: () => loadOriginal(itemId),
    journal: (afterRevision) => client.library.edits(itemId, afterRevision),
    send: (baseRevision, edits) => client.library.edit(itemId, { base_revision: baseRevision, edits }),
  };
}
