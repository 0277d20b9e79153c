import { expect, it } from '@jest/globals';
import { speechWithin } from './speech-within.ts';

const span = (startMs: number, endMs: number) => ({ startMs, endMs });

it('takes what touches the window, also between its spans', () => {
  const window = [span(1000, 2000), span(5000, 6000)];
  const speech = [span(0, 1000), span(900, 1100), span(3000, 4000), span(5900, 9000), span(6000, 7000)];
  expect(speechWithin(window, speech)).toEqual([span(900, 1100), span(3000, 4000), span(5900, 9000)]);
  expect(speechWithin(window, [])).toEqual([]);
});
