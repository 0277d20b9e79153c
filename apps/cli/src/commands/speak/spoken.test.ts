import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { looksLikeWords, spokenOf } from './spoken.ts';

describe('looksLikeWords', () => {
  it.each(['Hello, world.', 'It is 5 p.m.', 'one two', 'Well ...', 'Version 2.0 is here', 'What?  Yes!'])(
    'is true of %s',
    (words) => {
      expect(looksLikeWords(words)).toBe(true);
    },
  );

  it.each(['book.md', 'hello', 'my book.epub', '/tmp/my notes.txt', ' ', '', 'talks/part 1.docx'])(
    'is not of %s',
    (name) => {
      expect(looksLikeWords(name)).toBe(false);
    },
  );
});

describe('spokenOf', () => {
  const here = fileURLToPath(import.meta.url);

  it('is words, or a file, and not both', async () => {
    expect(await spokenOf(undefined, 'Hello')).toEqual({ text: 'Hello' });
    expect(await spokenOf('These are words.', undefined)).toEqual({ text: 'These are words.' });
    expect(await spokenOf(here, undefined)).toMatchObject({ name: 'spoken.test.ts' });
    await expect(spokenOf(here, 'Hello')).rejects.toMatchObject({ exitCode: 2 });
  });

  it('says how words are spoken that it takes for a missing file', async () => {
    await expect(spokenOf('hello', undefined)).rejects.toThrow('sotto speak --text "hello"');
    await expect(spokenOf('my book.epub', undefined)).rejects.toMatchObject({ exitCode: 4 });
  });
});
