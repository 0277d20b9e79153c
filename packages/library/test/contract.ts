import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type KeptTranscript, type Library, type ListQuery, type NewItem, placeOf } from '../src/index.ts';

/** What every database of the library must do. The tests share one, and have accounts of their own in it. */
export function libraryContract(open: () => Promise<Library>): void {
  let library: Library;
  beforeAll(async () => {
    library = await open();
  }, 60_000);
  afterAll(async () => {
    await library.close();
  });

  const account = () => `account-${randomUUID()}`;

  const edit = (operationId: string, baseRevision = 0) => ({
    operationId,
    baseRevision,
    operation: { type: 'delete', segment: '1', text: 'ü "\\' },
    madeBy: 'me',
  });

  async function kept(changes: Partial<NewItem> = {}, ...texts: string[]): Promise<string> {
    const item = newItem(changes);
    await library.items.add(item);
    await library.items.complete(item.id, transcriptOf(item.language ?? 'en', texts));
    return item.id;
  }

  async function list(query: Partial<ListQuery> & { account: string }) {
    return library.list({ sort: 'created', order: 'desc', limit: 20, ...query });
  }

  async function idsOf(query: Partial<ListQuery> & { account: string }): Promise<string[]> {
    return (await list(query)).items.map(({ item }) => item.id);
  }

  describe('items', () => {
    it('are added once, and completed once', async () => {
      const item = newItem({
        title: 'Meeting',
        tags: ['work'],
        audio: { key: 'library/a', bytes: 5, type: 'audio/wav' },
      });
      expect(await library.items.add(item)).toBe(true);
      expect(await library.items.add({ ...item, title: 'Another' })).toBe(false);
      expect(await library.items.find(item.id)).toMatchObject({ title: 'Meeting', status: 'processing', revision: 0 });
      expect(await library.items.canonical(item.id)).toBeNull();

      const transcript = transcriptOf('en', ['Hello there.']);
      expect(await library.items.complete(item.id, transcript)).toBe(true);
      expect(await library.items.complete(item.id, transcriptOf('en', ['Something else.']))).toBe(false);
      expect(await library.items.end(item.id, 'failed', null)).toBe(false);
      expect(await library.items.find(item.id)).toMatchObject({
        status: 'completed',
        tags: ['work'],
        language: 'en',
        durationMs: 1000,
        audioKey: 'library/a',
      });
      const stored = await library.items.canonical(item.id);
      expect(stored?.encoding).toBe('json');
      expect(Buffer.from(stored?.bytes ?? [])).toEqual(transcript.canonical.bytes);
    });

    it('fail with their reason', async () => {
      const item = newItem();
      await library.items.add(item);
      expect(await library.items.end(item.id, 'failed', { code: 'bad_audio', message: 'No sound.' })).toBe(true);
      expect(await library.items.find(item.id)).toMatchObject({ status: 'failed', errorCode: 'bad_audio' });
    });

    it('are gone when they are deleted, and their audio is listed until it is gone too', async () => {
      const owner = account();
      const key = `library/${randomUUID()}`;
      const id = await kept({ account: owner, audio: { key, bytes: 1, type: 'audio/wav' } }, 'a word to find');
      await library.links.add({ id: randomUUID(), itemId: id, tokenHash: id, expiresAt: null });
      await library.feedback.give({ itemId: id, account: owner, rating: 'up', note: '' });
      expect(await library.items.remove([id])).toEqual([key]);
      expect(await library.items.find(id)).toBeNull();
      expect(await library.items.canonical(id)).toBeNull();
      expect(await library.links.itemOf(id)).toBeNull();
      expect(await idsOf({ account: owner, query: 'word' })).toEqual([]);
      expect(await library.items.removals(1000)).toContain(key);
      await library.items.removed(key);
      expect(await library.items.removals(1000)).not.toContain(key);
      expect(await library.items.remove([id])).toEqual([]);
      expect(await library.items.complete(id, transcriptOf('en', ['late']))).toBe(false);
    });

    it('are found when they are kept no longer', async () => {
      const over = await kept({ keepUntil: new Date(Date.now() - 1000) });
      const later = await kept({ keepUntil: new Date(Date.now() + 60_000) });
      const running = newItem({ keepUntil: new Date(Date.now() - 1000) });
      await library.items.add(running);
      const expired = await library.items.expired(new Date(), 1000);
      expect(expired).toContain(over);
      expect(expired).not.toContain(later);
      expect(expired).not.toContain(running.id);
      const processing = await library.items.processingSince(new Date(Date.now() + 1000), 1000);
      expect(processing.map(({ id }) => id)).toContain(running.id);
    });
  });

  describe('edits', () => {
    it('get revisions in order, also where many write at once', async () => {
      const id = await kept();
      const names = Array.from({ length: 8 }, (_, index) => `operation-${index}`);
      const seen = await Promise.all(
        names.map(async (name) => {
          const added = await library.edits.append(id, async ({ revision, edits }) => {
            expect(await edits()).toHaveLength(revision);
            return [edit(name, revision)];
          });
          return added?.[0]?.revision;
        }),
      );
      expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      const journal = await library.edits.list(id);
      expect(journal.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(journal.every(({ revision, baseRevision }) => baseRevision === revision - 1)).toBe(true);
      expect(journal[0]?.operation).toEqual(edit('').operation);
      expect(await library.edits.list(id, 6)).toHaveLength(2);
      expect(await library.items.find(id)).toMatchObject({ revision: 8 });
    });

    it('are found by the name that their author gave them', async () => {
      const id = await kept();
      await library.edits.append(id, async () => [edit('one'), edit('two')]);
      await library.edits.append(id, async ({ find }) => {
        expect(await find('two')).toMatchObject({ revision: 2 });
        expect(await find('three')).toBeNull();
        return [];
      });
      await expect(library.edits.append(id, async () => [edit('three'), edit('two')])).rejects.toThrow();
      expect(await library.edits.list(id)).toHaveLength(2);
      expect(await library.items.find(id)).toMatchObject({ revision: 2 });
    });

    it('are not made of what is not there, or when they are refused', async () => {
      expect(await library.edits.append(randomUUID(), async () => [edit('one')])).toBeNull();
      const id = await kept();
      const refused = library.edits.append(id, async () => {
        throw new Error('conflict');
      });
      await expect(refused).rejects.toThrow('conflict');
      expect(await library.edits.list(id)).toEqual([]);
    });
  });

  describe('search', () => {
    it('finds forms of a word in the language of each item, and where they are', async () => {
      const owner = account();
      const english = await kept({ account: owner }, 'He said nothing.', 'They were running in the rain.');
      const german = await kept({ account: owner, language: 'de' }, 'Die Häuser sind alt.', 'Wir gingen nach Hause.');
      const other = await kept({ account: owner, language: 'xx' }, 'They were running.');
      await kept({}, 'They were running.');
      expect((await list({ account: owner, query: 'run' })).items).toMatchObject([
        { item: { id: english }, hits: [{ startMs: 1000, text: 'They were running in the rain.', marks: [[10, 17]] }] },
      ]);
      expect(await idsOf({ account: owner, query: 'haus' })).toEqual([german]);
      expect(await idsOf({ account: owner, query: 'running' })).toEqual([other, english]);
      expect(await idsOf({ account: owner, query: '"running rain"' })).toEqual([]);
      expect(await idsOf({ account: owner, query: 'running -rain' })).toEqual([other]);
      expect(await idsOf({ account: owner, query: 'rain or häusern' })).toEqual([german, english]);
      expect(await idsOf({ account: owner, query: "'; -- \\ & | ! ( :*" })).toEqual([]);
    });

    it('finds parts of texts that are written without blanks', async () => {
      const owner = account();
      const id = await kept({ account: owner, language: 'zh' }, '我们今天去北京大学');
      const [found] = (await list({ account: owner, query: '北京' })).items;
      expect(found).toMatchObject({
        item: { id },
        hits: [
          {
            text: '我们今天去北京大学',
            marks: [
              [5, 6],
              [6, 7],
            ],
          },
        ],
      });
      expect(await idsOf({ account: owner, query: '京北' })).toEqual([]);
    });

    it('finds titles, as they are now', async () => {
      const owner = account();
      const item = newItem({ account: owner, title: 'Budget talks', language: 'en' });
      await library.items.add(item);
      expect(await idsOf({ account: owner, query: 'talk' })).toEqual([]);
      expect(await library.items.accept(item.id)).toBe(true);
      expect(await library.items.accept(randomUUID())).toBe(false);
      expect(await idsOf({ account: owner, query: 'talk' })).toEqual([item.id]);
      await library.items.change(item.id, { title: 'Something else' });
      expect(await idsOf({ account: owner, query: 'talk' })).toEqual([]);
      expect((await list({ account: owner, query: 'something' })).items[0]?.hits).toEqual([]);
    });

    it('follows edits, and never an older revision', async () => {
      const owner = account();
      const id = await kept({ account: owner }, 'first words');
      expect(await library.items.unindexed(1000)).not.toContain(id);
      await library.edits.append(id, async () => [edit('one'), edit('two')]);
      expect(await library.items.unindexed(1000)).toContain(id);
      const searched = { lines: [{ startMs: 0, text: 'second\nthoughts' }], speakers: 1, speakerNames: ['Ann'] };
      await library.items.reindex(id, 2, searched);
      expect(await library.items.unindexed(1000)).not.toContain(id);
      await library.items.reindex(id, 1, {
        lines: [{ startMs: 0, text: 'middle' }],
        speakers: null,
        speakerNames: [],
      });
      expect(await idsOf({ account: owner, query: 'words' })).toEqual([]);
      expect(await idsOf({ account: owner, query: 'middle' })).toEqual([]);
      expect((await list({ account: owner, query: 'second' })).items[0]?.hits[0]?.text).toBe('second thoughts');
    });

    it('keeps texts that are too much for an index, and what PostgreSQL does not keep', async () => {
      const owner = account();
      const words = Array.from({ length: 200_000 }, (_, index) => `w${index.toString(36)}`).join(' ');
      const id = await kept({ account: owner }, `beginning ${words}`, 'nul \u0000 inside');
      expect(await idsOf({ account: owner, query: 'beginning' })).toEqual([id]);
    });
  });

  describe('lists', () => {
    it('come in pages, in every order', async () => {
      const owner = account();
      const ids: string[] = [];
      for (const title of ['b', 'A', 'c', 'B', 'd']) ids.push(await kept({ account: owner, title }, title));
      for (const sort of ['created', 'updated', 'title', 'duration'] as const) {
        for (const order of ['asc', 'desc'] as const) {
          const all = await idsOf({ account: owner, sort, order });
          expect([...all].sort()).toEqual([...ids].sort());
          const paged: string[] = [];
          let cursor: string | null = null;
          do {
            const after = cursor === null ? null : placeOf(sort, cursor);
            const page = await list({ account: owner, sort, order, limit: 2, ...(after !== null && { after }) });
            paged.push(...page.items.map(({ item }) => item.id));
            cursor = page.cursor;
          } while (cursor !== null);
          expect(paged).toEqual(all);
        }
      }
      expect(placeOf('title', 'nonsense')).toBeNull();
      expect(placeOf('created', Buffer.from('["created","x","y"]').toString('base64url'))).toBeNull();
    });

    it('are filtered', async () => {
      const owner = account();
      const one = await kept({ account: owner, tags: ['a', 'b'] }, 'x');
      const two = await kept({ account: owner, tags: ['b'], language: 'de' }, 'x');
      const running = newItem({ account: owner });
      await library.items.add(running);
      await library.items.accept(running.id);
      await library.items.reindex(one, 1, { lines: [], speakers: 2, speakerNames: ['Ann', 'Ben'] });
      expect(await idsOf({ account: owner, tags: ['b'] })).toEqual([two, one]);
      expect(await idsOf({ account: owner, tags: ['b', 'a'] })).toEqual([one]);
      expect(await idsOf({ account: owner, language: 'de' })).toEqual([two]);
      expect(await idsOf({ account: owner, status: 'processing' })).toEqual([running.id]);
      expect(await idsOf({ account: owner, speaker: 'Ben' })).toEqual([one]);
      expect(await idsOf({ account: owner, from: new Date(Date.now() + 60_000) })).toEqual([]);
      expect(await idsOf({ account: owner, to: new Date() })).toHaveLength(3);
    });
  });

  describe('folders', () => {
    it('are seen by those they are shared with', async () => {
      const [owner, friend, stranger] = [account(), account(), account()];
      const folder = await library.folders.add({ id: randomUUID(), account: owner, name: 'Talks' });
      if (folder === null) throw new Error('There is no such folder yet.');
      expect(await library.folders.add({ id: randomUUID(), account: owner, name: 'TALKS' })).toBeNull();
      expect(await library.folders.named(owner, 'talks')).toMatchObject({ id: folder.id });
      const id = await kept({ account: owner, folderId: folder.id }, 'x');
      await library.folders.share(folder.id, [{ account: friend, rights: 'read' }]);
      expect(await library.folders.find(folder.id, friend)).toMatchObject({ rights: 'read', account: owner });
      expect(await library.folders.find(folder.id, stranger)).toBeNull();
      expect(await library.folders.seenBy(friend)).toMatchObject([{ id: folder.id, rights: 'read' }]);
      expect(await library.folders.seenBy(owner)).toMatchObject([{ id: folder.id, rights: 'owner' }]);
      expect(await idsOf({ account: friend, folderId: folder.id, query: 'x' })).toEqual([id]);

      await library.folders.share(folder.id, [{ account: stranger, rights: 'edit' }]);
      expect(await library.folders.find(folder.id, friend)).toBeNull();
      expect(await library.folders.shares(folder.id)).toEqual([{ account: stranger, rights: 'edit' }]);
      await library.folders.add({ id: randomUUID(), account: owner, name: 'Other' });
      expect(await library.folders.rename(folder.id, 'other')).toBe('taken');
      expect(await library.folders.rename(folder.id, 'talks')).toBe('renamed');
      await library.folders.remove(folder.id);
      expect(await library.items.find(id)).toMatchObject({ folderId: null });
      expect(await library.folders.seenBy(stranger)).toEqual([]);
    });
  });

  describe('accounts', () => {
    it('have a retention of their own', async () => {
      const me = account();
      expect(await library.accounts.retentionDays(me)).toBeNull();
      await library.accounts.setRetention(me, 30);
      expect(await library.accounts.retentionDays(me)).toBe(30);
      await library.accounts.setRetention(me, null);
      expect(await library.accounts.retentionDays(me)).toBeNull();
    });
  });

  describe('links and feedback', () => {
    it('lead to an item until they are over', async () => {
      const id = await kept();
      const add = (tokenHash: string, expiresAt: Date | null) =>
        library.links.add({ id: randomUUID(), itemId: id, tokenHash, expiresAt });
      const [forever, over] = [randomUUID(), randomUUID()];
      const link = await add(forever, null);
      await add(over, new Date(Date.now() - 1));
      expect(await library.links.itemOf(forever)).toBe(id);
      expect(await library.links.itemOf(over)).toBeNull();
      expect(await library.links.list(id)).toHaveLength(2);
      expect(await library.links.revoke(randomUUID(), link.id)).toBe(false);
      expect(await library.links.revoke(id, link.id)).toBe(true);
      expect(await library.links.itemOf(forever)).toBeNull();
    });

    it('keep one opinion of each account', async () => {
      const [id, me] = [await kept(), account()];
      await library.feedback.give({ itemId: id, account: me, rating: 'up', note: '' });
      await library.feedback.give({ itemId: id, account: me, rating: 'down', note: 'names' });
      expect(await library.feedback.of(id, me)).toMatchObject({ rating: 'down', note: 'names' });
      expect((await library.feedback.newest(1000)).filter((one) => one.account === me)).toMatchObject([
        { itemId: id, model: 'tiny' },
      ]);
      await library.feedback.withdraw(id, me);
      expect(await library.feedback.of(id, me)).toBeNull();
    });
  });
}

export function newItem(changes: Partial<NewItem> = {}): NewItem {
  return {
    id: randomUUID(),
    account: 'local',
    title: 'Untitled',
    tags: [],
    folderId: null,
    language: null,
    model: null,
    task: null,
    audio: null,
    fileName: null,
    keepUntil: null,
    ...changes,
  };
}

/** A second for each text. What is in `canonical` is the API's business. */
export function transcriptOf(language: string, texts: string[]): KeptTranscript {
  return {
    facts: {
      language,
      durationMs: 1000 * texts.length,
      speakers: null,
      speakerNames: [],
      model: 'tiny',
      task: 'transcribe',
    },
    canonical: { encoding: 'json', bytes: gzipSync(JSON.stringify({ texts })) },
    lines: texts.map((text, index) => ({ startMs: 1000 * index, text })),
  };
}
