import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { temporaryFolder } from '@sotto/testkit';
import { openLibrary } from '../src/index.ts';
import { libraryContract } from './contract.ts';

describe('the library in PGlite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder('library');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  libraryContract(() => openLibrary(`pglite:${folder}`));
});
