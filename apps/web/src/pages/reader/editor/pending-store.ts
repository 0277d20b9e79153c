import type { Edit } from '@sotto/contracts/wire';
import { database } from '../../../storage/database.ts';
import { heldInBrowser, holdInBrowser } from '../../../storage/lock.ts';
import type { PendingEdits, PendingStore } from './source.ts';

const lockOf = (id: string): string => `edits.${id}`;

/**
 * What is pending for one item, in IndexedDB. Each tab has a place of its own, so that two tabs do not send each other's
 * edits; what a closed tab left is taken over by the next one.
 */
export class BrowserPendingStore implements PendingStore {
  readonly #itemId: string;
  readonly #id: string;
  readonly #letGo: () => void;

  private constructor(itemId: string, id: string) {
    this.#itemId = itemId;
    this.#id = id;
    this.#letGo = holdInBrowser(lockOf(id));
  }

  static async open(itemId: string): Promise<BrowserPendingStore> {
    const held = await heldInBrowser();
    const stored = await (await database()).getAllFromIndex('edits', 'itemId', itemId);
    const left = stored.find(({ id }) => !held.has(lockOf(id)));
    return new BrowserPendingStore(itemId, left?.id ?? `${itemId}.${Date.now()}.${Math.random()}`);
  }

  async load(): Promise<PendingEdits | null> {
    const stored = await (await database()).get('edits', this.#id);
    return stored === undefined ? null : { baseRevision: stored.baseRevision, edits: stored.edits as Edit[] };
  }

  async save({ baseRevision, edits }: PendingEdits): Promise<void> {
    const db = await database();
    if (edits.length === 0) await db.delete('edits', this.#id);
    else await db.put('edits', { id: this.#id, itemId: this.#itemId, baseRevision, edits });
  }

  close(): void {
    this.#letGo();
  }
}
