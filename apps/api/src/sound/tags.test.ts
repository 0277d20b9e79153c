import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ffmetadataOf, tagsOf } from './tags.ts';

describe('what a file says of its sound', () => {
  it('has chapters from its beginning to its end', () => {
    const chapters = [
      { title: 'One', startMs: 1500 },
      { title: 'Two', startMs: 4000 },
    ];
    expect(tagsOf({ chapters, durationMs: 9000 }, 'A book.epub')).toEqual({
      title: 'A book',
      chapters: [
        { title: 'A book', startMs: 0, endMs: 1500 },
        { title: 'One', startMs: 1500, endMs: 4000 },
        { title: 'Two', startMs: 4000, endMs: 9000 },
      ],
    });
  });

  it('has no title where the text came without a name, and no chapters where it has none', () => {
    expect(tagsOf({ chapters: [], durationMs: 9000 }, 'text.txt')).toEqual({ title: null, chapters: [] });
    expect(tagsOf({ chapters: [{ title: 'One', startMs: 10 }], durationMs: 20 }, 'text.txt').chapters[0]?.title).toBe(
      '…',
    );
  });

  it('leaves out chapters that have nothing to say, and cuts long titles', () => {
    const chapters = [0, 0, 700, 700].map((startMs) => ({ title: `${startMs} ${'x'.repeat(300)}`, startMs }));
    const tags = tagsOf({ chapters, durationMs: 700 }, 'a.txt');
    expect(tags.chapters).toEqual([{ title: `0 ${'x'.repeat(198)}`, startMs: 0, endMs: 700 }]);
  });

  it('is one line of metadata for each thing, whatever the titles are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }), (titles) => {
        const chapters = titles.map((title, index) => ({ title, startMs: index, endMs: index + 1 }));
        const lines = ffmetadataOf({ title: null, chapters }).split(/[\n\r\u2028\u2029]/);
        expect(lines).toHaveLength(2 + 5 * titles.length);
      }),
    );
  });
});
