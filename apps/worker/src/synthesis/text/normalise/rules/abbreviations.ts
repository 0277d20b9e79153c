import { spelledLetters } from '../numbers/spelled.ts';
import type { Rule } from '../rule.ts';
import type { Tongue } from '../tongue.ts';
import { anyOf, END, pattern } from './source.ts';

/** What would be taken for the end of a sentence, or could not be said. */
export function abbreviationRules(tongue: Tongue): Rule[] {
  const { before, ending, beforeNumber } = tongue.abbreviations;
  return [
    abbreviation(
      'abbreviation before a number',
      beforeNumber,
      String.raw`(?= ?(?:[(+]?\d|[IVXLC]{1,8}(?![\p{L}\p{N}_'’])))`,
      (spoken) => spoken,
    ),
    abbreviation('abbreviation', before, String.raw`(?=[\s,;:)–-])`, (spoken) => spoken),
    abbreviation('abbreviation that may end a sentence', ending, END, (spoken, after) =>
      /^\s+\p{Lu}/u.test(after) || /^["'”’»)]*$/.test(after.trim()) ? `${spoken}.` : spoken,
    ),
    {
      name: 'initialism',
      pattern: /(?<![\p{L}\p{N}_.])(?:\p{Lu}\.){2,12}(?![\p{L}\p{N}_])/gu,
      say: (match) => spelledLetters(match[0], tongue) + (followedBy(match).trim() === '' ? '.' : ''),
    },
    {
      name: 'initial',
      pattern: /(?<=\p{Lu}\p{Ll}{1,20} )(\p{Lu})\.(?= \p{Lu}\p{Ll})/gu,
      say: ([, letter = '']) => letter,
    },
  ];
}

type Words = Readonly<Record<string, string>>;

function abbreviation(
  name: string,
  words: Words,
  follows: string,
  say: (spoken: string, after: string) => string,
): Rule {
  const all = withCapitals(words);
  return {
    name,
    pattern: pattern(String.raw`(?<![\p{L}\p{N}_.])${anyOf(Object.keys(all))}${follows}`),
    say: (match) => say(all[match[0]] ?? match[0], followedBy(match)),
  };
}

/** Also as the first word of a sentence. */
function withCapitals(words: Words): Record<string, string> {
  const capitals = Object.entries(words).map(([short, long]) => [short.charAt(0).toUpperCase() + short.slice(1), long]);
  return { ...Object.fromEntries(capitals), ...words };
}

/** As much of it as tells whether the text goes on. */
function followedBy({ input, index, 0: { length } }: RegExpExecArray): string {
  return input.slice(index + length, index + length + 16);
}
