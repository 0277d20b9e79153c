import { ConnectionError } from '@sotto/client';
import type { Edit, EditOperation, WireEditsMade } from '@sotto/contracts/wire';
import { applyEdit, atRevision, type EditedTranscript, mergeEdits, uneditedOf } from '@sotto/transcript';
import { isAway, waitMs } from './away.ts';
import { conflicting, conflictsOf, differences, touches } from './conflicts.ts';
import { groupOf, newEditId } from './edit-ids.ts';
import { described, type EditorState } from './editor-state.ts';
import { editsOf, nextBatch, type PendingEdit, pendingOn } from './pending.ts';
import { replayed } from './replayed.ts';
import type { EditSource, PendingStore } from './source.ts';

/**
 * A transcript while it is edited. Each edit is in effect at once, is kept in this browser, and is sent in order:
 *
 *     base (what the service has) + pending (what it does not have yet) = transcript (what is shown)
 *
 * opening -> saved -> saving -> saved | offline (tried again) | conflict (waits for `takeTheirs` or `keepMine`) | refused
 */
export class Editor {
  readonly #source: EditSource;
  readonly #store: PendingStore;
  readonly #listeners = new Set<() => void>();
  #original: EditedTranscript;
  #base: EditedTranscript;
  #pending: PendingEdit[] = [];
  #state: EditorState;
  /** The pending edit that is in conflict. */
  #culprit: string | null = null;
  #isSending = false;
  #again: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;

  /** @param first lines to be shown until all are there */
  constructor(source: EditSource, store: PendingStore, first: EditedTranscript = uneditedOf([], [])) {
    this.#source = source;
    this.#store = store;
    this.#original = first;
    this.#base = first;
    this.#state = { ...described(first), save: 'opening', pending: 0, conflicts: [], error: null };
  }

  /** Loads all of it, as soon as the service is there, and what an earlier visit could not send. Nothing can be edited before. */
  async open(): Promise<this> {
    const { original, journal, left } = await this.#loaded();
    const newest = await replayed(original, journal);
    const { baseRevision, edits } = left ?? { baseRevision: 0, edits: [] };
    const isBehind = edits.length > 0 && baseRevision <= newest.revision;
    this.#original = original;
    this.#base = isBehind ? atRevision(newest, baseRevision) : newest;
    this.#pending = pendingOn(this.#base, edits);
    this.#change({ ...described(this.#newest), save: 'saved' });
    if (this.#pending.length > 0) void this.flush();
    return this;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): EditorState => this.#state;

  get original(): EditedTranscript {
    return this.#original;
  }

  /**
   * @param id new for each edit; see partId
   * @throws SottoError `invalid_edit`: it cannot be made here
   */
  edit(operations: readonly EditOperation[], id = newEditId()): void {
    if (operations.length > 0) this.#add([{ id, operations: [...operations] }]);
  }

  /** What belongs together is taken back together. */
  undo(): void {
    this.#step('undo', ({ undoable }) => undoable);
  }

  redo(): void {
    this.#step('redo', ({ redoable }) => redoable);
  }

  /** Sends what is pending. Resolves when there is nothing more to send, or it cannot be sent now. */
  async flush(): Promise<void> {
    if (this.#isSending || this.#isClosed || ['opening', 'conflict'].includes(this.#state.save)) return;
    this.#isSending = true;
    try {
      while (this.#pending.length > 0 && !this.#isClosed) {
        this.#change({ save: 'saving' });
        await this.#send(nextBatch(this.#pending));
      }
      this.#change({ save: 'saved', error: null });
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isSending = false;
    }
  }

  /** What others have made in the meantime. */
  async refresh(): Promise<void> {
    const isBusy = () =>
      this.#state.save === 'opening' || this.#isSending || this.#pending.length > 0 || this.#isClosed;
    if (isBusy()) return;
    const before = this.#base;
    const entries = await this.#source.journal(before.revision);
    const newest = await replayed(before, entries);
    if (this.#base !== before || isBusy() || entries.length === 0) return;
    this.#base = newest;
    this.#show();
  }

  /** Gives up one's own version of what is in conflict, or of what is refused. */
  async takeTheirs(): Promise<void> {
    await this.#resolve(() => []);
  }

  /** Makes one's own version of what is in conflict once more, on top of theirs. */
  async keepMine(): Promise<void> {
    const mine = this.#state.transcript;
    const ids = conflicting(this.#state.conflicts);
    await this.#resolve((theirs) => differences(theirs, mine, ids));
  }

  close(): void {
    this.#isClosed = true;
    if (this.#again !== null) clearTimeout(this.#again);
  }

  async #loaded() {
    for (;;) {
      try {
        const [original, journal] = await Promise.all([this.#source.original(), this.#source.journal(0)]);
        return { original, journal, left: await this.#store.load() };
      } catch (error) {
        if (!(error instanceof ConnectionError) || this.#isClosed) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs(error)));
      }
    }
  }

  /** The transcript as it is shown. */
  get #newest(): EditedTranscript {
    return this.#pending.at(-1)?.after ?? this.#base;
  }

  #add(edits: readonly Edit[]): void {
    if (this.#state.save === 'opening') throw new Error('Not all of the transcript is there.');
    for (const edit of edits) this.#pending = [...this.#pending, { edit, after: applyEdit(this.#newest, edit) }];
    this.#show();
    if (this.#state.save === 'saved') this.#change({ save: 'saving' });
    void this.#keep().then(() => this.flush());
  }

  #step(type: 'undo' | 'redo', stepsOf: (transcript: EditedTranscript) => EditedTranscript['undoable']): void {
    const edits: Edit[] = [];
    const first = stepsOf(this.#newest);
    const group = groupOf(first?.step.editId);
    for (let steps = first; steps !== null && (steps === first || isIn(group, steps.step.editId)); steps = steps.rest) {
      edits.push({ id: newEditId(), operations: [{ type }] });
    }
    if (edits.length > 0) this.#add(edits);
  }

  async #send(edits: Edit[]): Promise<void> {
    try {
      this.#take(await this.#source.send(this.#base.revision, edits));
    } catch (error) {
      // One of many cannot be made: those before it can.
      if (edits.length === 1 || isAway(error) || this.#culprit !== null) throw error;
      for (const edit of edits) await this.#sendAlone(edit);
    }
    await this.#keep();
  }

  async #sendAlone(edit: Edit): Promise<void> {
    try {
      this.#take(await this.#source.send(this.#base.revision, [edit]));
    } catch (error) {
      if (!isAway(error)) this.#culprit ??= edit.id;
      throw error;
    }
  }

  /**
   * Others may have made edits in the meantime: what is pending goes on top of them.
   *
   * @throws SottoError `edit_conflict`, as the service would, where they have changed what a pending edit changes
   */
  #take({ edits: entries }: WireEditsMade): void {
    const before = this.#base;
    const taken = this.#pending[entries.length - 1];
    if (taken !== undefined && entries.every(({ id }, at) => this.#pending[at]?.edit.id === id)) {
      this.#base = taken.after;
      this.#pending = this.#pending.slice(entries.length);
      this.#change({});
      return;
    }
    const made = new Set(entries.map(({ id }) => id));
    const own = this.#pending.filter(({ edit }) => made.has(edit.id));
    const rest = this.#pending.filter(({ edit }) => !made.has(edit.id));
    this.#base = entries.reduce(applyEdit, before);
    this.#pending = rest;
    if (entries.length > own.length) this.#check(before.revision, editsOf(own), editsOf(rest));
    this.#pending = pendingOn(this.#base, editsOf(rest));
    this.#show();
  }

  /** @throws SottoError `edit_conflict` where what the service has changes what these edits change */
  #check(baseRevision: number, own: readonly Edit[], edits: readonly Edit[]): void {
    edits.forEach((edit, at) => {
      try {
        mergeEdits(this.#base, { base_revision: baseRevision, edits: [...own, ...edits.slice(0, at + 1)] });
      } catch (error) {
        this.#culprit = edit.id;
        throw error;
      }
    });
  }

  #fail(error: unknown): void {
    const conflicts = conflictsOf(error);
    if (conflicts !== null) this.#change({ save: 'conflict', conflicts, error });
    else if (isAway(error)) {
      this.#change({ save: 'offline', error });
      this.#again = setTimeout(() => void this.flush(), waitMs(error));
    } else this.#change({ save: 'refused', error });
  }

  /** The edit that is in conflict, and those of the same segments, are replaced by others on top of what the service has. */
  async #resolve(replacement: (transcript: EditedTranscript) => EditOperation[]): Promise<void> {
    const { revision } = this.#base;
    const entries = await this.#source.journal(revision);
    const made = new Set(entries.map(({ id }) => id));
    const pending = editsOf(this.#pending);
    const own = pending.filter(({ id }) => made.has(id));
    const ids = conflicting(this.#state.conflicts);
    const culprit = this.#culprit ?? pending[0]?.id;
    const rest = pending.filter(
      ({ id, operations }) =>
        !made.has(id) && id !== culprit && !operations.some((operation) => touches(operation, ids)),
    );
    this.#base = entries.reduce(applyEdit, this.#base);
    this.#culprit = null;
    const operations = replacement(this.#base);
    const mine = operations.length > 0 ? [{ id: newEditId(), operations }] : [];
    this.#pending = pendingOn(this.#base, [...mine, ...rest]);
    this.#show();
    this.#change({ save: 'saved', conflicts: [], error: null });
    try {
      if (entries.length > own.length) this.#check(revision, own, rest);
    } catch (error) {
      return this.#fail(error);
    }
    await this.#keep();
    await this.flush();
  }

  /** A browser that has no room for them does not keep edits from being sent. */
  async #keep(): Promise<void> {
    await this.#store.save({ baseRevision: this.#base.revision, edits: editsOf(this.#pending) }).catch(() => {});
  }

  #show(): void {
    this.#change(described(this.#newest));
  }

  #change(changes: Partial<EditorState>): void {
    this.#state = { ...this.#state, ...changes, pending: this.#pending.length };
    for (const listener of this.#listeners) listener();
  }
}

const isIn = (group: string | null, editId: string): boolean => group !== null && groupOf(editId) === group;
