import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withAge, withoutAge } from './ageless.ts';

const WRITTEN = Date.parse('2026-11-29T19:40:33.270Z');
const LATER = Date.parse('2027-03-01T00:00:00.000Z');
const HASH = '7f2d25feb642cc0942527eeaac048a56ea5163cd070f062c0452e28e10e9d828';
/** Priority 420 as BullMQ stores it: nearly a time. */
const SCORE = String(420 * 2 ** 32 + 5);

describe('text without age', () => {
  it.each([
    [`"createdAtMs":${WRITTEN - 5}`, '"createdAtMs":<now-5>', `"createdAtMs":${LATER - 5}`],
    [`00${WRITTEN}:an-id`, '<now+0|15>:an-id', `00${LATER}:an-id`],
    [`${WRITTEN + 9}-0`, '<now+9>-0', `${LATER + 9}-0`],
    [`repeat:sweep:${WRITTEN}`, 'repeat:sweep:<now+0>', `repeat:sweep:${LATER}`],
    [String((WRITTEN + 4000) * 4096 + 7), '<due+4000~7>', String((LATER + 4000) * 4096 + 7)],
    ['{"at":"2026-11-29T19:40:34.000Z"}', '{"at":"<iso+730>"}', '{"at":"2027-03-01T00:00:00.730Z"}'],
    ['usage:-:2026-11-29 usage:-:2026-11', 'usage:-:<day> usage:-:<month>', 'usage:-:2027-03-01 usage:-:2027-03'],
    [`${HASH} ${SCORE} 4294967296000`, `${HASH} ${SCORE} 4294967296000`, `${HASH} ${SCORE} 4294967296000`],
  ])('%s', (text, kept, later) => {
    expect(withoutAge(text, WRITTEN)).toBe(kept);
    expect(withAge(kept, LATER)).toBe(later);
  });

  it('is the same again at the moment of its writing, whatever it was', () => {
    const times = fc.integer({ min: WRITTEN - 1e8, max: WRITTEN + 1e8 });
    const parts = fc.oneof(
      times.map(String),
      times.map((ms) => `00${ms}`),
      fc.json(),
      fc.uuid(),
      fc.nat().map(String),
    );
    fc.assert(
      fc.property(fc.array(parts), (all) => {
        const text = all.join(' ');
        expect(withAge(withoutAge(text, WRITTEN), WRITTEN)).toBe(text);
      }),
    );
  });

  it('is refused when it was written over midnight', () => {
    expect(() => withoutAge('usage:-:2026-11-28', WRITTEN)).toThrow('A day that is not 2026-11-29');
  });
});
