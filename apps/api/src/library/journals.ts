import { setImmediate } from 'node:timers/promises';
import type { Edit, EditRequest, Transcript, WireEditsMade, WireJournalEntry } from '@sotto/contracts';
import type { HeldJournal, Item, StoredEdit } from '@sotto/library';
import { decodeResult } from '@sotto/queue/results';
import { applyEdit, type EditedTranscript, mergeEdits, toWireEditsMade, unedited } from '@sotto/transcript';
import { itemParams } from './find-item.ts';
import type { LibraryStore } from './library-store.ts';
import { type Heads, RecentHeads } from './recent-heads.ts';
import { storedTranscript } from './stored-transcript.ts';

/** So many edits are made at once; then others have their turn on the event loop. */
const AT_ONCE = 50;

/** The journals of what is in the library. Those that were edited last are at hand, so that another edit is made at once. */
export class Journals {
  readonly #library: LibraryStore;
  readonly #recent = new RecentHeads();

  constructor(library: LibraryStore) {
    this.#library = library;
  }

  /**
   * Makes edits and stores them, all or none. One writer at a time has a journal, in one transaction: who dies in it has made
   * nothing, and who is not told so may send the same again.
   *
   * @param by an account
   * @throws SottoError `edit_conflict`, `invalid_edit`, `journal_full`, `item_not_finished`, `no_transcript`, `item_not_found`,
   *   `library_unavailable`
   */
  async edit(item: Item, request: EditRequest, by: string): Promise<{ answer: WireEditsMade; isChanged: boolean }> {
    const known = await this.#load(item);
    let head = known.head;
    let before: StoredEdit[] = [];
    const added = await this.#library.use(({ edits }) =>
      edits.append(item.id, async (journal) => {
        const merged = mergeEdits(await caughtUp(known, journal), request);
        head = merged.transcript;
        before = await journal.edits(request.base_revision);
        return merged.made.map(({ id, operations }) => ({
          operationId: id,
          baseRevision: request.base_revision,
          operation: operations,
          madeBy: by,
        }));
      }),
    );
    if (added === null) throw itemParams.notFound();
    this.#recent.put(item, { start: known.start, head });
    const entries = [...before, ...added].map(toWireEntry);
    return { answer: toWireEditsMade(head, request.base_revision, entries), isChanged: added.length > 0 };
  }

  async #load(item: Item): Promise<Heads> {
    const recent = this.#recent.get(item);
    if (recent !== undefined) return recent;
    const transcript = (await decodeResult(await storedTranscript(item, this.#library))) as Transcript;
    const start = unedited(transcript);
    const stored = await this.#library.use(({ edits }) => edits.list(item.id));
    return { start, head: await made(start, stored) };
  }
}

/**
 * The newest state of a journal that is held. What is known of it may be of an item of the same id that was deleted, so the
 * last edit is looked at again.
 */
async function caughtUp({ start, head }: Heads, journal: HeldJournal): Promise<EditedTranscript> {
  if (head.history !== null) {
    const [last, ...newer] = await journal.edits(head.revision - 1);
    if (last?.operationId === head.history.step.editId) return made(head, newer);
  }
  return made(start, await journal.edits());
}

async function made(transcript: EditedTranscript, stored: readonly StoredEdit[]): Promise<EditedTranscript> {
  let state = transcript;
  for (let at = 0; at < stored.length; at += AT_ONCE) {
    if (at > 0) await setImmediate();
    state = stored
      .slice(at, at + AT_ONCE)
      .map(editOf)
      .reduce(applyEdit, state);
  }
  return state;
}

/** What is stored was checked when it came. */
export const editOf = ({ operationId, operation }: Pick<StoredEdit, 'operationId' | 'operation'>): Edit => ({
  id: operationId,
  operations: operation as Edit['operations'],
});

export function toWireEntry(stored: StoredEdit): WireJournalEntry {
  return { ...editOf(stored), revision: stored.revision, by: stored.madeBy, at: stored.madeAt.toISOString() };
}
