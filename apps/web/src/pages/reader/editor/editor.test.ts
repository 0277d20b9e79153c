import { describe, expect, it } from '@jest/globals';
import { ConnectionError, SottoError } from '@sotto/client';
import type { Edit, EditOperation, WireJournalEntry } from '@sotto/contracts/wire';
import { type EditedTranscript, fromWireUnedited, mergeEdits, segmentsOf } from '@sotto/transcript';
import { partId } from './edit-ids.ts';
import { Editor } from './editor.ts';
import type { SaveState } from './editor-state.ts';
import type { EditSource, PendingEdits, PendingStore } from './source.ts';

const wireLine = (id: number, text: string) => ({
  id: String(id),
  state: 'kept' as const,
  start: id,
  end: id + 1,
  text: ` ${text}`,
  confidence: 1,
  speaker: null,
  language: null,
  flags: [],
  words: text.split(' ').map((word, at) => ({
    word: ` ${word}`,
    start: id + at / 10,
    end: id + at / 10 + 0.1,
    confidence: 1,
    speaker: null,
  })),
});

const ORIGINAL = {
  revision: 0,
  can_undo: false,
  can_redo: false,
  language: 'en',
  duration: 3,
  segments: [wireLine(0, 'one two'), wireLine(1, 'three four'), wireLine(2, 'five six')],
  speakers: [],
};

/** The journal of the service, with its own way of merging; `away`: nothing answers. */
class Journal implements EditSource {
  transcript: EditedTranscript = fromWireUnedited(ORIGINAL);
  readonly entries: WireJournalEntry[] = [];
  isAway = false;

  async original() {
    return fromWireUnedited(ORIGINAL);
  }

  async journal(afterRevision: number) {
    this.#answer();
    return this.entries.slice(afterRevision);
  }

  async send(baseRevision: number, edits: Edit[]) {
    this.#answer();
    const { transcript, made } = mergeEdits(this.transcript, { base_revision: baseRevision, edits });
    for (const edit of made) {
      this.entries.push({ ...edit, revision: this.entries.length + 1, at: '2026-01-01T00:00:00Z', by: 'somebody' });
    }
    this.transcript = transcript;
    const rest = { can_undo: true, can_redo: false, segments: [], removed: [], speakers: [] };
    return { revision: transcript.revision, edits: this.entries.slice(baseRevision), ...rest };
  }

  texts(): string[] {
    return textsOf(this.transcript);
  }

  #answer(): void {
    if (this.isAway) throw new ConnectionError('http://localhost', new Error('offline'));
  }
}

class Memory implements PendingStore {
  pending: PendingEdits | null = null;
  async load() {
    return this.pending;
  }
  async save(pending: PendingEdits) {
    this.pending = structuredClone(pending);
  }
}

const textsOf = (transcript: EditedTranscript): string[] =>
  segmentsOf(transcript)
    .filter(({ state }) => state === 'kept')
    .map(({ text }) => text.trim());
const shown = (editor: Editor): string[] => textsOf(editor.current().transcript);
const retype = (segment: string, text: string): EditOperation => ({
  type: 'replace_text',
  segment,
  from_word: 0,
  to_word: 2,
  text: ` ${text}`,
});

/** Resolves when the editor is so. */
const becomes = (editor: Editor, save: SaveState): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (editor.current().save !== save) return;
      stop();
      resolve();
    };
    const stop = editor.subscribe(look);
    look();
  });

describe('a transcript while it is edited', () => {
  it('shows an edit at once, and has it saved', async () => {
    const [journal, store] = [new Journal(), new Memory()];
    const editor = await new Editor(journal, store).open();
    editor.edit([retype('0', 'uno dos')]);
    expect([shown(editor)[0], editor.current().pending]).toEqual(['uno dos', 1]);
    await editor.flush();
    await becomes(editor, 'saved');
    expect(journal.texts()[0]).toBe('uno dos');
    editor.undo();
    await editor.flush();
    await becomes(editor, 'saved');
    expect([journal.texts(), journal.entries.length, store.pending?.edits]).toEqual([
      ['one two', 'three four', 'five six'],
      2,
      [],
    ]);
  });

  it('keeps what it cannot send, and the next visit sends it, once', async () => {
    const [journal, store] = [new Journal(), new Memory()];
    const editor = await new Editor(journal, store).open();
    journal.isAway = true;
    editor.edit([retype('0', 'uno dos')]);
    await becomes(editor, 'offline');
    editor.edit([{ type: 'split', segment: '1', at_word: 1 }]);
    editor.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.pending?.edits).toHaveLength(2);
    journal.isAway = false;
    const next = await new Editor(journal, store).open();
    expect(shown(next)).toEqual(['uno dos', 'three', 'four', 'five six']);
    await next.flush();
    await becomes(next, 'saved');
    expect([journal.texts(), journal.entries.length]).toEqual([['uno dos', 'three', 'four', 'five six'], 2]);
    const late = await new Editor(journal, store).open();
    expect([shown(late), late.current().pending]).toEqual([journal.texts(), 0]);
  });

  it('merges what others have made elsewhere', async () => {
    const journal = new Journal();
    const [mine, theirs] = [
      await new Editor(journal, new Memory()).open(),
      await new Editor(journal, new Memory()).open(),
    ];
    theirs.edit([retype('2', 'cinco seis')]);
    await theirs.flush();
    await becomes(theirs, 'saved');
    mine.edit([retype('0', 'uno dos')]);
    await mine.flush();
    await becomes(mine, 'saved');
    expect(shown(mine)).toEqual(['uno dos', 'three four', 'cinco seis']);
    await theirs.refresh();
    expect(shown(theirs)).toEqual(shown(mine));
  });

  it.each(['keepMine', 'takeTheirs'] as const)('%s settles a conflict, and what is elsewhere stays', async (choice) => {
    const journal = new Journal();
    const [mine, theirs] = [
      await new Editor(journal, new Memory()).open(),
      await new Editor(journal, new Memory()).open(),
    ];
    theirs.edit([retype('1', 'drei vier')]);
    await theirs.flush();
    await becomes(theirs, 'saved');
    mine.edit([retype('0', 'uno dos')]);
    mine.edit([retype('1', 'tres cuatro')]);
    mine.edit([retype('2', 'cinco seis')]);
    await becomes(mine, 'conflict');
    expect(mine.current().conflicts.map(({ yours, theirs: other }) => [yours?.text, other?.text])).toEqual([
      [' tres cuatro', ' drei vier'],
    ]);
    await mine[choice]();
    await becomes(mine, 'saved');
    const middle = choice === 'keepMine' ? 'tres cuatro' : 'drei vier';
    expect([shown(mine), journal.texts()]).toEqual(Array(2).fill(['uno dos', middle, 'cinco seis']));
  });

  it('takes back together what was too much for one edit, also when it was made earlier', async () => {
    const [journal, store] = [new Journal(), new Memory()];
    const editor = await new Editor(journal, store).open();
    editor.edit([retype('0', 'uno dos')]);
    editor.edit([retype('1', 'tres cuatro')], partId('0123456789abcdef01234567', 0));
    editor.edit([retype('2', 'cinco seis')], partId('0123456789abcdef01234567', 1));
    await editor.flush();
    await becomes(editor, 'saved');
    const next = await new Editor(journal, store).open();
    next.undo();
    expect(shown(next)).toEqual(['uno dos', 'three four', 'five six']);
    next.redo();
    expect(shown(next)).toEqual(['uno dos', 'tres cuatro', 'cinco seis']);
    next.undo();
    next.undo();
    await next.flush();
    await becomes(next, 'saved');
    expect(journal.texts()).toEqual(['one two', 'three four', 'five six']);
  });

  it('shows its first lines while the others come, which nobody can edit', async () => {
    const first = fromWireUnedited({ ...ORIGINAL, segments: ORIGINAL.segments.slice(0, 1) });
    const editor = new Editor(new Journal(), new Memory(), first);
    expect([shown(editor), editor.current().save]).toEqual([['one two'], 'opening']);
    expect(() => editor.edit([retype('0', 'uno dos')])).toThrow('Not all');
    await editor.open();
    expect([shown(editor).length, editor.current().save]).toEqual([3, 'saved']);
  });

  it('sends no more at once than the service takes', async () => {
    const journal = new Journal();
    const sent: number[] = [];
    const send = journal.send.bind(journal);
    journal.send = (revision, edits) => {
      sent.push(JSON.stringify(edits).length);
      return send(revision, edits);
    };
    const editor = await new Editor(journal, new Memory()).open();
    for (let at = 0; at < 30; at += 1)
      editor.edit([{ ...retype('0', 'long '.repeat(2_000)), to_word: 1 } as EditOperation]);
    await editor.flush();
    await becomes(editor, 'saved');
    expect(journal.entries).toHaveLength(30);
    expect(Math.max(...sent)).toBeLessThan(100_000);
  });

  it('refuses what cannot be done, and changes nothing', async () => {
    const editor = await new Editor(new Journal(), new Memory()).open();
    expect(() => editor.edit([{ type: 'merge', segment: '2' }])).toThrow(SottoError);
    expect([shown(editor), editor.current().pending]).toEqual([['one two', 'three four', 'five six'], 0]);
  });
});
