import { spelledLetters } from '../numbers/spelled.ts';
import type { Rule } from '../rule.ts';
import type { Tongue } from '../tongue.ts';
import { anyOf, END, pattern, START } from './source.ts';

/** Of a longer code, only its beginning is said, as people do. */
const LONG_CODE = { length: 12, said: 6 };

/** With what changes how they look. */
const PICTURE = String.raw`\p{Extended_Pictographic}\p{Regional_Indicator}\uFE0F\u20E3\u{E0020}-\u{E007F}`;

/** Signs between words, hashes, codes and emoji. */
export function signRules(tongue: Tongue): Rule[] {
  const { signs } = tongue;
  const sign = (name: string, source: string, words: string): Rule => ({
    name,
    pattern: pattern(source),
    say: () => words,
  });
  return [
    sign('number sign', String.raw`(?<![\p{L}\p{N}_&#])(?:#|№ ?)(?=\d{1,9}${END})`, `${signs.number} `),
    sign('hashtag', String.raw`(?<![\p{L}\p{N}_&#])#(?=\p{L})`, `${signs.hash} `),
    sign('mention', String.raw`(?<![\p{L}\p{N}_.@])@(?=\p{L})`, `${signs.at} `),
    sign('section', String.raw`§{1,2} ?(?=\d)`, `${signs.section} `),
    sign('and', String.raw`(?<=[\p{L}\p{N}.)]) ?& ?(?=[\p{L}\p{N}(])`, ` ${signs.and} `),
    sign('about', String.raw`(?<![\p{L}\p{N}_])[~≈] ?(?=[\d$€£])`, `${signs.about} `),
    sign('equals', String.raw`(?<=[\p{L}\p{N})]) ?= ?(?=[-\p{L}\p{N}(])`, ` ${signs.equals} `),
    {
      name: 'code',
      pattern: pattern(
        String.raw`${START}(?=[0-9a-f]{0,63}\d)(?=[0-9a-f]{0,63}[a-f])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{7,64})${END}`,
      ),
      say: ([code]) => spelledCode(code, tongue),
    },
    ...emojiRules(tongue),
    sign('mark of lists and markup', String.raw`[*_~|#^\\<>{}[\]•·‣▪◦]{1,200}`, ' '),
  ];
}

const spelledCode = (code: string, tongue: Tongue): string =>
  spelledLetters(code.length > LONG_CODE.length ? code.slice(0, LONG_CODE.said) : code, tongue);

/** Those with a name here are said; faces of other kinds, flags and pictures are silent. */
const emojiRules = ({ emoji }: Tongue): Rule[] => [
  {
    name: 'emoji',
    pattern: pattern(String.raw` ?(${anyOf(Object.keys(emoji))})[\u{1F3FB}-\u{1F3FF}\uFE0F]{0,2}(?!\u200D)`),
    say: ({ input, index, 1: sign = '' }) =>
      `${/[\p{L}\p{N}]/u.test(input.charAt(index - 1)) ? ', ' : ' '}${emoji[sign]}`,
  },
  {
    name: 'other picture',
    pattern: pattern(String.raw`(?:[${PICTURE}]|[\u{1F3FB}-\u{1F3FF}]|\u200D(?=[${PICTURE}])){1,60}`),
    say: () => ' ',
  },
];
