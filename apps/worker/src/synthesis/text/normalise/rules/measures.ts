import { isOne, numberSource, spokenNumber } from '../numbers/written.ts';
import type { Rule } from '../rule.ts';
import type { Noun, Tongue } from '../tongue.ts';
import { anyOf, END, pattern, START } from './source.ts';

/** Numbers with a unit, which may be one per another. */
export function measureRules(tongue: Tongue): Rule[] {
  const unit = anyOf(Object.keys(tongue.units));
  const noun = (name: string): Noun => tongue.units[name] ?? [name, name];
  return [
    {
      name: 'measure',
      pattern: pattern(
        String.raw`${START}(?<![.,:]\d{0,3})(${numberSource(tongue)})(?: ?|-)(${unit})(?:\/(${unit}))?${END}(?![²³])`,
      ),
      say: ([, written = '', name = '', per]) => {
        const both = per === undefined ? undefined : tongue.units[`${name}/${per}`];
        const [one, many, gender] = both ?? noun(name);
        const counted = `${spokenNumber(written, tongue, gender ?? 'm')} ${isOne(written) ? one : many}`;
        return per === undefined || both ? counted : `${counted} ${tongue.signs.per} ${noun(per)[0]}`;
      },
    },
  ];
}
