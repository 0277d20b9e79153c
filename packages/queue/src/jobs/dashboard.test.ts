import { expect, it } from '@jest/globals';
import { masked } from './dashboard.ts';

it('masks personal texts at any depth and leaves the rest', () => {
  const value = { runId: 'r', list: [{ text: 'secret' }], options: { prompt: 'my name', beamSize: 1, language: null } };
  expect(masked(value)).toEqual({
    runId: 'r',
    list: [{ text: '(6 characters)' }],
    options: { prompt: '(7 characters)', beamSize: 1, language: null },
  });
});
