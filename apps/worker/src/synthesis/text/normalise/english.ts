import type { Rule } from './rule.ts';

const ABBREVIATIONS: Record<string, string> = {
  'Dr.': 'Doctor',
  'Mr.': 'Mister',
  'Mrs.': 'Missus',
  'Ms.': 'Miz',
  'Prof.': 'Professor',
  'St.': 'Saint',
  'vs.': 'versus',
  'e.g.': 'for example',
  'i.e.': 'that is',
  'etc.': 'et cetera',
  'a.m.': 'AM',
  'p.m.': 'PM',
};
/** These may end a sentence; the others stand before something. */
const MAY_END = new Set(['a.m.', 'p.m.', 'etc.']);

const endsText = (after: string): boolean => /^\s*$/.test(after.slice(0, 64)) && after.length <= 64;

/** What would be taken for the end of a sentence. */
export const english: readonly Rule[] = [
  {
    name: 'initialism',
    pattern: /\b(?:\p{Lu}\.){2,12}/gu,
    say: (match) => {
      const after = match.input.slice(match.index + match[0].length, match.index + match[0].length + 65);
      return match[0].replaceAll('.', ' ').trim() + (endsText(after) ? '.' : '');
    },
  },
  {
    name: 'abbreviation',
    pattern: /(?<![\w.])(?:Dr|Mr|Mrs|Ms|Prof|St|vs|e\.g|i\.e|etc|a\.m|p\.m)\.(?=\s|,|$)/g,
    say: (match) => {
      const after = match.input.slice(match.index + match[0].length, match.index + match[0].length + 65);
      const isEnd = MAY_END.has(match[0]) && (/^\s+[A-Z]/.test(after) || endsText(after));
      return (ABBREVIATIONS[match[0]] ?? match[0]) + (isEnd ? '.' : '');
    },
  },
];
