import { expect, it } from '@jest/globals';
import { keytermsField, MAX_KEYTERM_CHARACTERS, MAX_KEYTERMS, mergeKeyterms, toWireKeyterm } from './keyterms.ts';

const problem = (value: unknown) => keytermsField.safeParse(value).error?.issues[0]?.message;

it('takes terms one by one, as JSON, and both together', () => {
  const json = '[{"text": " Kubernetes ", "weight": 2, "sounds_like": "cooper netties"}, "Grafana"]';
  expect(keytermsField.parse('Ann-Marie, PhD')).toEqual([{ text: 'Ann-Marie, PhD' }]);
  expect(keytermsField.parse(['Sotto', json, '{"text": "Istio", "weight": 1}'])).toEqual([
    { text: 'Grafana' },
    { text: 'Istio' },
    { text: 'Kubernetes', weight: 2, soundsLike: ['cooper netties'] },
    { text: 'Sotto' },
  ]);
  expect(keytermsField.parse('[]')).toEqual([]);
});

it('knows the same terms in any order, spelling of letters and number of blanks', () => {
  expect(keytermsField.parse(['b', 'Zoe\u0308', 'a  c'])).toEqual(keytermsField.parse(['a c', 'Zo\u00eb', 'b', 'b']));
});

it.each([
  ['too long a term', 'x'.repeat(10_240), `at most ${MAX_KEYTERM_CHARACTERS} characters`],
  ['control characters', 'Kuber\u0000netes', 'control characters'],
  ['a line break', 'Kuber\nnetes', 'control characters'],
  ['half a surrogate pair', '["Kub\\ud800"]', 'control characters'],
  ['nothing to say', '...', 'a letter or a digit'],
  ['no JSON', '["a"', 'JSON of a term'],
  ['a number', '[5]', 'Invalid input'],
  ['an unknown part', '[{"text": "a", "boost": 2}]', 'boost'],
  ['no weight', '[{"text": "a", "weight": 0}]', 'Too small'],
  ['too much weight', '[{"text": "a", "weight": 5}]', 'Too big'],
  ['too many sounds', JSON.stringify([{ text: 'a', sounds_like: [...'bcdefg'] }]), 'Too big'],
  [
    'too many',
    JSON.stringify(Array.from({ length: MAX_KEYTERMS + 1 }, (_, at) => `a${at}`)),
    `at most ${MAX_KEYTERMS}`,
  ],
  ['too much', JSON.stringify(Array.from({ length: 400 }, (_, at) => `${at}${'x'.repeat(90)}`)), 'characters in all'],
])('refuses %s', (_, value, message) => {
  expect(problem(value)).toContain(message);
});

it('merges lists, of which the later counts, and gives terms back as they are written', () => {
  const merged = mergeKeyterms([{ text: 'b' }, { text: 'a', weight: 2 }], [{ text: 'a', soundsLike: ['eh'] }]);
  expect(merged.map(toWireKeyterm)).toEqual([{ text: 'a', sounds_like: ['eh'] }, 'b']);
});
