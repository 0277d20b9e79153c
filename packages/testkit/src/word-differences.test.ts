import { describe, expect, it } from '@jest/globals';
import { differencesFrom } from './word-differences.ts';

const SAID = 'Ask not what your country can do for you.';
const NONE = { lost: [], doubled: [], errors: 0 };

describe('differencesFrom', () => {
  it.each([
    ['nothing', 'ask not what your country can do for you', NONE],
    ['what is lost', 'ask not what can do for you', { lost: ['your', 'country'], doubled: [], errors: 2 }],
    [
      'what is told twice',
      'ask not what your country your country can do for you',
      { lost: [], doubled: ['your', 'country'], errors: 2 },
    ],
    ['what is told in addition', 'ask not what your old country can do for you', { ...NONE, errors: 1 }],
    ['what is heard otherwise', 'ask not what your county can do for you', { ...NONE, errors: 1 }],
  ])('finds %s', (_, told, found) => {
    expect(differencesFrom([SAID], told)).toEqual(found);
  });

  it('takes nothing for lost or doubled that the undisturbed texts themselves do not agree on', () => {
    const undisturbed = ['i think everything gets done and civil', 'everything gets done things stay civil'];
    expect(differencesFrom(undisturbed, 'gets done things stay civil')).toEqual({
      ...NONE,
      lost: ['everything'],
      errors: 1,
    });
    expect(differencesFrom(undisturbed, 'everything gets done and civil')).toEqual({ ...NONE, errors: 2 });
    expect(differencesFrom(['no no', 'no'], 'no no')).toEqual(NONE);
    expect(differencesFrom(['no no', 'no'], 'no no no')).toEqual({ ...NONE, doubled: ['no'], errors: 1 });
  });
});
