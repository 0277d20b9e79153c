import { ConnectionError, SottoError } from '@sotto/client';
import type { Edit, EditOperation, WireEditConflict, WireEditsMade } from '@sotto/contracts/wire';
import {
  applyEdit,
  atRevision,
  canRedo,
  canUndo,
  type EditedTranscript,
  fromWireUnedited,
  mergeEdits,
} from '@sotto/transcript';
import { conflicting, conflictsOf, differences, touches } from './conflicts.ts';
import type { EditSource, PendingStore } from './source.ts';

/** `offline`: sent as soon as the service is there again. `conflict`: somebody has to choose. `refused`: the service will not have it. */
export type SaveState = 'saved' | 'saving' | 'offline' | 'conflict' | 'refused';

export interface EditorState {
  /** With all edits that were made here. */
  transcript: EditedTranscript;
  canUndo: boolean;
  canRedo: boolean;
  save: SaveState;
  /** Edits that the service does not have yet. */
  pending: number;
  /** What both have made of the same segments. */
  conflicts: readonly WireEditConflict[];
  /** Why the service refuses. */
  error: unknown;
}

const MOST_AT_ONCE = 50;
const AGAIN_MS = 3_000;

/**
 * A transcript while it is edited. Each edit is in effect at once, is kept in this browser, and is sent in order:
 *
 *     base (what the service has) + pending (what it does not have yet) = transcript (what is shown)
 *
 * saved -> saving -> saved | offline (tried again) | conflict (waits for `takeTheirs` or `keepMine`) | refused
 */
export class Editor {
  readonly #source: EditSource;
  readonly #store: PendingStore;
  readonly #original: EditedTranscript;
  readonly #listeners = new Set<() => void>();
  #base: EditedTranscript;
  #pending: Edit[] = [];
  #state: EditorState;
  /** The pending edit that is in conflict. */
  #culprit: string | null = null;
  #isSending = false;
  #again: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;

  private constructor(source: EditSource, store: PendingStore, original: EditedTranscript, base: EditedTranscript) {
    this.#source = source;
    this.#store = store;
    this.#original = original;
    this.#base = base;
    this.#state = { ...described(base), save: 'saved', pending: 0, conflicts: [], error: null };
  }

  /** With what an earlier visit could not send. */
  static async open(source: EditSource, store: PendingStore): Promise<Editor> {
    const [wire, journal, left] = await Promise.all([source.original(), source.journal(0), store.load()]);
    const original = fromWireUnedited(wire);
    const newest = journal.reduce(applyEdit, original);
    if (left === null || left.edits.length === 0) return new Editor(source, store, original, newest);
    const base = left.baseRevision <= newest.revision ? atRevision(newest, left.baseRevision) : newest;
    const editor = new Editor(source, store, original, base);
    editor.#pending = left.edits;
    editor.#show(editor.#replayed());
    void editor.flush();
    return editor;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): EditorState => this.#state;

  get original(): EditedTranscript {
    return this.#original;
  }

  /** @throws SottoError `invalid_edit`: it cannot be made here */
  edit(operations: readonly EditOperation[]): void {
    if (operations.length === 0) return;
    const edit: Edit = { id: newId(), operations: [...operations] };
    const transcript = applyEdit(this.#state.transcript, edit);
    this.#pending = [...this.#pending, edit];
    this.#show(transcript);
    if (this.#state.save === 'saved') this.#change({ save: 'saving' });
    void this.#keep().then(() => this.flush());
  }

  undo(): void {
    if (this.#state.canUndo) this.edit([{ type: 'undo' }]);
  }

  redo(): void {
    if (this.#state.canRedo) this.edit([{ type: 'redo' }]);
  }

  /** Sends what is pending. Resolves when there is nothing more to send, or it cannot be sent now. */
  async flush(): Promise<void> {
    if (this.#isSending || this.#isClosed || this.#state.save === 'conflict') return;
    this.#isSending = true;
    try {
      while (this.#pending.length > 0 && !this.#isClosed) {
        this.#change({ save: 'saving' });
        await this.#send(this.#pending.slice(0, MOST_AT_ONCE));
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
    if (this.#isSending || this.#pending.length > 0 || this.#isClosed) return;
    const { revision } = this.#base;
    const entries = await this.#source.journal(revision);
    if (this.#base.revision !== revision || this.#pending.length > 0 || entries.length === 0) return;
    this.#base = entries.reduce(applyEdit, this.#base);
    this.#show(this.#base);
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
    const made = new Set(entries.map(({ id }) => id));
    const own = this.#pending.filter(({ id }) => made.has(id));
    const rest = this.#pending.filter(({ id }) => !made.has(id));
    this.#base = entries.reduce(applyEdit, before);
    this.#pending = rest;
    if (entries.length > own.length) this.#check(before.revision, own, rest);
    this.#show(this.#replayed());
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
    const own = this.#pending.filter(({ id }) => made.has(id));
    const ids = conflicting(this.#state.conflicts);
    const culprit = this.#culprit ?? this.#pending[0]?.id;
    const rest = this.#pending.filter(
      ({ id, operations }) =>
        !made.has(id) && id !== culprit && !operations.some((operation) => touches(operation, ids)),
    );
    this.#base = entries.reduce(applyEdit, this.#base);
    this.#culprit = null;
    const operations = replacement(this.#base);
    this.#pending = [...(operations.length > 0 ? [{ id: newId(), operations }] : []), ...rest];
    this.#show(this.#replayed());
    this.#change({ save: 'saved', conflicts: [], error: null });
    try {
      if (entries.length > own.length) this.#check(revision, own, rest);
    } catch (error) {
      return this.#fail(error);
    }
    await this.#keep();
    await this.flush();
  }

  /** What is pending on what the service has. What has become impossible there is no longer pending. */
  #replayed(): EditedTranscript {
    let transcript = this.#base;
    this.#pending = this.#pending.filter((edit) => {
      try {
        transcript = applyEdit(transcript, edit);
        return true;
      } catch {
        return false;
      }
    });
    return transcript;
  }

  /** A browser that has no room for them does not keep edits from being sent. */
  async #keep(): Promise<void> {
    await this.#store.save({ baseRevision: this.#base.revision, edits: this.#pending }).catch(() => {});
  }

  #show(transcript: EditedTranscript): void {
    this.#change(described(transcript));
  }

  #change(changes: Partial<EditorState>): void {
    this.#state = { ...this.#state, ...changes, pending: this.#pending.length };
    for (const listener of this.#listeners) listener();
  }
}

const described = (transcript: EditedTranscript) => ({
  transcript,
  canUndo: canUndo(transcript),
  canRedo: canRedo(transcript),
});

/** Also where there is no `crypto.randomUUID`: on pages without TLS. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Trying again helps: nothing answers, or the service cannot take it at the moment. */
function isAway(error: unknown): boolean {
  return (
    error instanceof ConnectionError || (error instanceof SottoError && (error.status === 429 || error.status >= 500))
  );
}

function waitMs(error: unknown): number {
  const seconds = error instanceof SottoError ? error.retryAfterSeconds : undefined;
  return seconds === undefined ? AGAIN_MS : Math.max(AGAIN_MS, seconds * 1000);
}
