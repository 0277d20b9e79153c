import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { melFilters } from './mel-filters.ts';

describe('mel filters', () => {
  // Digests of the same filters computed with numpy in double precision and stored as float32.
  it.each([
    [80, '88df35e6c6d720d89b2d59b410cf386081a6ad04ccc6daaa732ca9b481575137'],
    [128, 'c342ed6d06c90b42990bf9e4a3a07ca54f3f1422f7bc3c66b3177a774395df5a'],
  ])('%i bins are equal to the reference to the last bit', (mels, sha256) => {
    expect(
      createHash('sha256')
        .update(Buffer.from(melFilters(mels).buffer))
        .digest('hex'),
    ).toBe(sha256);
  });
});
