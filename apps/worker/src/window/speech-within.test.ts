import { expect, it } from '@jest/globals';
import { speechWithin } from './speech-within.ts';

const span = (startMs: number, endMs: number) => ({ startMs, endMs });

it('takes what touches the window, also between its spans', () => {
  const spans = [span(1000, 2000), span(5000, 6000)];
  const speech = [span(0, 1000), span(900, 1100), span(3000, 4000), span(5900, 9000), span(6000, 7000)];
  expect(speechWithin({ spans }, speech)).toEqual([span(900, 1100), span(3000, 4000), span(5900, 9000)]);
  expect(speechWithin({ spans }, [])).toEqual([]);
});

it('takes only what is in its channel', () => {
  const speech = [span(1000, 2000), { ...span(1100, 1900), channel: 0 }, { ...span(1200, 1800), channel: 1 }];
  expect(speechWithin({ spans: [span(0, 3000)], channel: 1 }, speech)).toEqual([span(1200, 1800)]);
});
