import { isOne, numberSource, spokenNumber, writtenNumber } from '../numbers/written.ts';
import type { Rule } from '../rule.ts';
import type { Currency, Tongue } from '../tongue.ts';
import { anyOf, END, pattern, START } from './source.ts';

/** Amounts with the sign of their currency before or after them. */
export function moneyRules(tongue: Tongue): Rule[] {
  const number = numberSource(tongue);
  const signs = Object.keys(tongue.currencies);
  const magnitude = `(?: ?(${anyOf(Object.keys(tongue.magnitudes))})${END})?`;
  const amount = (sign = '', number = '', magnitude?: string): string | null => {
    const currency = tongue.currencies[sign];
    return currency ? spokenAmount(number, magnitude, currency, tongue) : null;
  };
  return [
    {
      name: 'money, sign first',
      pattern: pattern(String.raw`(?<![\p{L}\p{N}_$])([-−])?(${anyOf(signs)}) ?(${number})${magnitude}`),
      say: ([, minus, sign, written, magnitude]) => signed(minus, amount(sign, written, magnitude), tongue),
    },
    {
      name: 'money, sign last',
      pattern: pattern(
        String.raw`${START}(?<![.,])(${number})(?: ?(${anyOf(Object.keys(tongue.magnitudes))}))? ?(${anyOf(signs)})(?![\p{L}\p{N}_])`,
      ),
      say: ([, written, magnitude, sign]) => amount(sign, written, magnitude),
    },
  ];
}

const signed = (minus: string | undefined, spoken: string | null, { signs }: Tongue): string | null =>
  minus && spoken !== null ? `${signs.minus} ${spoken}` : spoken;

function spokenAmount(written: string, magnitude: string | undefined, currency: Currency, tongue: Tongue): string {
  if (magnitude !== undefined) return spokenMillions(written, magnitude, currency, tongue);
  const { whole, fraction } = writtenNumber(written, tongue);
  const [one, many, gender] = currency.noun;
  const isCents = fraction.length === 2 && currency.cent !== null;
  if (fraction !== '' && !isCents) return `${spokenNumber(written, tongue)} ${many}`;
  const main = `${tongue.cardinal(whole, gender ?? 'm')} ${whole === '1' ? one : many}`;
  const cents = currency.cent && Number(fraction) > 0 ? spokenCents(fraction, currency.cent, tongue) : null;
  if (cents === null) return main;
  return Number(whole) === 0 ? cents : `${main} ${tongue.signs.andCents ?? tongue.signs.and} ${cents}`;
}

function spokenCents(fraction: string, [one, many, gender]: NonNullable<Currency['cent']>, tongue: Tongue): string {
  const cents = Number(fraction);
  return `${tongue.cardinal(String(cents), gender ?? 'm')} ${cents === 1 ? one : many}`;
}

function spokenMillions(written: string, magnitude: string, { noun }: Currency, tongue: Tongue): string {
  const [one, many, gender] = tongue.magnitudes[magnitude] ?? [magnitude, magnitude];
  const count = spokenNumber(written, tongue, gender ?? 'm');
  return `${count} ${isOne(written) ? one : many} ${tongue.afterMagnitude(noun[1], many)}`;
}
