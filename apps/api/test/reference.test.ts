import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { fileUrl, referenceFiles } from './reference/files.ts';

const files = await referenceFiles();

describe('reference pages', () => {
  it.each(Object.keys(files))(
    '%s says what the code says (pnpm --filter @sotto/api reference writes it)',
    async (path) => {
      expect(await readFile(fileUrl(path), 'utf8')).toBe(files[path]);
    },
  );
});
