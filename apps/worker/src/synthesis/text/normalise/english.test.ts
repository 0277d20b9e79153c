import { describe, expect, it } from '@jest/globals';
import { normalise } from './normalise.ts';
import { rulesFor } from './rules.ts';

const spoken = (text: string, language = 'en') => normalise(text, rulesFor(language)).spoken;

/** What was written, and what is said. */
const EXAMPLES: readonly (readonly [string, string])[] = [
  ['It costs $45.50.', 'It costs forty-five dollars and fifty cents.'],
  ['It costs €20, not £0.99.', 'It costs twenty euros, not ninety-nine pence.'],
  ['Sold for $1.5 million and 3 bn €.', 'Sold for one point five million dollars and three billion euros.'],
  ['a loss of -$5', 'a loss of minus five dollars'],
  ['in 1984', 'in nineteen eighty-four'],
  ['from 1905 to 2005, and 2026', 'from nineteen oh five to two thousand five, and twenty twenty-six'],
  ['the 1990s and the 80s', 'the nineteen nineties and the eighties'],
  ['at 17:05', 'at seventeen oh five'],
  ['at 9:30 a.m. or 10am', 'at nine thirty AM or ten AM'],
  ['at 9:00, 9:00 pm, 17:00', "at nine o'clock, nine PM, seventeen hundred"],
  ['a ratio of 16:9', 'a ratio of sixteen to nine'],
  ['Chapter IV of World War II', 'Chapter four of World War two'],
  ['Henry VIII and Louis XIV', 'Henry the eighth and Louis the fourteenth'],
  ['+1 (415) 555-2671', 'plus one, four one five, five five five, two six seven one'],
  ['call 555-0172', 'call five five five, zero one seven two'],
  ['2.5 kg at 10 km/h', 'two point five kilograms at ten kilometers per hour'],
  ['1 kg, 25 °C, 5-10 m²', 'one kilogram, twenty-five degrees Celsius, five to ten square meters'],
  ['5-10 people, 1914–1918', 'five to ten people, nineteen fourteen to nineteen eighteen'],
  ['3/4 of 1 1/2, 2½', 'three quarters of one and a half, two and a half'],
  ['on 2026-08-10', 'on August tenth, twenty twenty-six'],
  ['on 8/10/2026', 'on August tenth, twenty twenty-six'],
  ['on 2026-08-10T09:30:00Z', 'on August tenth, twenty twenty-six, nine thirty'],
  ['Jan. 5, 2026', 'January fifth, twenty twenty-six'],
  ['5 May', 'May fifth'],
  ['No. 5 on St. James St.', 'number five on Saint James Street'],
  ['#1 in #music', 'number one in hashtag music'],
  ['see https://www.example.com/docs/a?b=c.', 'see example dot com slash docs slash a.'],
  ['see example.com.', 'see example dot com.'],
  ['joe.doe-7@example.com', 'joe dot doe dash seven at example dot com'],
  [
    '1,250,000 and 3.14 and 75 %',
    'one million two hundred fifty thousand and three point one four and seventy-five percent',
  ],
  ['19th, 3rd and 21st', 'nineteenth, third and twenty-first'],
  ['-5 degrees', 'minus five degrees'],
  ['version 2.10.1', 'version two point ten point one'],
  ['R&D, salt & pepper', 'R and D, salt and pepper'],
  ['the U.S. army, e.g. J. Smith', 'the U S army, for example J. Smith'],
  ['Great 😀!', 'Great, grinning face!'],
  ['Mon.-Fri., vol. 2, ch. IV', 'Monday-Friday, volume two, chapter four'],
  ['221B Baker St., 3.5MB', '221B Baker Street, three point five megabytes'],
  ['C# and .NET', 'C sharp and dot NET'],
  ['the 5th of May, 2020', 'the fifth of May, twenty twenty'],
  ['He is 5\'10".', 'He is five foot ten.'],
  ['you may 5 times', 'you may five times'],
  ['agent 007', 'agent zero zero seven'],
  ['commit 3f2a9c1', 'commit three F two eigh nine C one'],
  ['COVID-19 and mp3', 'COVID-nineteen and mp3'],
];

describe('English', () => {
  it.each(EXAMPLES)('%s', (written, said) => {
    expect(spoken(written)).toBe(said);
  });

  it('puts the day first in Britain', () => {
    expect(spoken('on 8/10/2026', 'en-gb')).toBe('on the eighth of October, twenty twenty-six');
    expect(spoken('101', 'en-GB-x-rp')).toBe('one hundred and one');
  });
});
