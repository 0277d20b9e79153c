import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SEGMENT_FLAGS } from '@sotto/contracts';

type Messages = { [name: string]: string | Messages };

const messagesOf = (language: string): Messages =>
  JSON.parse(readFileSync(new URL(`./${language}.json`, import.meta.url), 'utf8'));

/** `jobs.left_one` -> its text */
function flat(messages: Messages, path = ''): [string, string][] {
  return Object.entries(messages).flatMap(([name, value]) =>
    typeof value === 'string' ? [[`${path}${name}`, value] as [string, string]] : flat(value, `${path}${name}.`),
  );
}

const placesIn = (text: string): string[] => [...text.matchAll(/\{\{(\w+)/g)].map(([, name = '']) => name).sort();

const FILES = {
  'the page': '',
  'the pages of operators': 'operate/',
  'the live page': 'live/',
  'the page that speaks': 'speak/',
};

describe.each(Object.entries(FILES))('%s', (_name, folder) => {
  const english = flat(messagesOf(`${folder}en`));

  it.each(['de', 'es'])('%s says everything that English says, about the same things', (language) => {
    const messages = new Map(flat(messagesOf(`${folder}${language}`)));
    expect([...messages.keys()].sort()).toEqual(english.map(([key]) => key).sort());
    for (const [key, text] of english) {
      const translated = messages.get(key) ?? '';
      expect([key, translated.trim() !== '', placesIn(translated)]).toEqual([key, true, placesIn(text)]);
    }
  });
});

it('has a name for each flag of a segment', () => {
  expect(Object.keys(messagesOf('en').flags ?? {}).sort()).toEqual([...SEGMENT_FLAGS].sort());
});
