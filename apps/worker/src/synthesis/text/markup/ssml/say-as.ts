import { spelledLetters } from '../../normalise/numbers/spelled.ts';
import { numberSource, spokenDigits, spokenNumber } from '../../normalise/numbers/written.ts';
import type { CalendarDate, Tongue } from '../../normalise/tongue.ts';
import { tongueOf } from '../../normalise/tongues/tongues.ts';

/**
 * What is said of a text whose kind its author names.
 *
 * @param format of a date: `mdy`, `dmy`, `ymd`, and parts of these
 * @returns null: as any other text is read
 */
export function saidAs(kind: string, text: string, language: string, format = ''): string | null {
  const tongue = tongueOf(language);
  if (kind === 'characters' || kind === 'spell-out' || kind === 'verbatim') return spelled(text, tongue);
  if (!tongue) return null;
  if (kind === 'cardinal' || kind === 'number') return cardinal(text, tongue);
  if (kind === 'ordinal')
    return /^\d{1,9}$/.test(text) && Number(text) > 0 ? tongue.ordinal(String(Number(text))) : null;
  if (kind === 'digits') return /\d/.test(text) ? spokenDigits(text, tongue) : null;
  if (kind === 'telephone') return telephone(text, tongue);
  return kind === 'date' ? date(text, format, tongue) : null;
}

function cardinal(text: string, tongue: Tongue): string | null {
  const [, minus, number] = new RegExp(`^([-−]?)(${numberSource(tongue)})$`, 'u').exec(text) ?? [];
  if (number === undefined) return null;
  return (minus ? `${tongue.signs.minus} ` : '') + spokenNumber(number, tongue);
}

function telephone(text: string, tongue: Tongue): string | null {
  const groups = text.split(/\D+/).filter((group) => group !== '');
  if (groups.length === 0) return null;
  const spoken = groups.map((group) => spokenDigits(group, tongue)).join(', ');
  return text.trim().startsWith('+') ? `${tongue.signs.plus} ${spoken}` : spoken;
}

function date(text: string, format: string, tongue: Tongue): string | null {
  const parts = text.split(/\D+/).filter((part) => part !== '');
  if (!/^[dmy]{2,3}$/.test(format) || parts.length !== format.length) return null;
  const value = (letter: string) => Number(parts[format.indexOf(letter)] ?? 0);
  const named: CalendarDate = { day: value('d'), month: value('m'), year: format.includes('y') ? value('y') : null };
  const isReal = named.day >= 1 && named.day <= 31 && named.month >= 1 && named.month <= 12;
  return isReal ? tongue.date(named, '') : null;
}

/** One character after another, signs by their names where the language is known. */
function spelled(text: string, tongue: Tongue | null): string | null {
  const said = Array.from(text.replace(/\s+/g, ''), (character) => nameOf(character, tongue)).join(' ');
  return said === '' ? null : said;
}

function nameOf(character: string, tongue: Tongue | null): string {
  if (!tongue) return character.toUpperCase();
  const { at, dot, dash, underscore, slash, plus, hash, percent, and, equals } = tongue.signs;
  const signs = new Map(
    Object.entries({ '@': at, '.': dot, '-': dash, _: underscore, '/': slash, '+': plus, '#': hash }),
  );
  const more = new Map(Object.entries({ '%': percent, '&': and, '=': equals }));
  return signs.get(character) ?? more.get(character) ?? (spelledLetters(character, tongue) || character);
}
