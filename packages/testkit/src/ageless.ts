/**
 * Text with times in it that does not age: each is kept as its distance from the moment of writing, and becomes a time
 * again when it is read. What counts as a time, near to that moment:
 *
 *     milliseconds, also padded with zeros    <now-5321>, <now-5321|15>
 *     BullMQ's score of a delayed job         <due+4000~7>      milliseconds * 4096 + number
 *     ISO 8601                                <iso-5321>
 *     the day and the month of UTC            <day>, <month>
 */
const NEAR_MS = 2 * 24 * 3600 * 1000;
/** BullMQ's scripts, getDelayedScore. */
const DELAYED_STEP = 4096;

const MILLISECONDS = /(?<![0-9A-Za-z.])(0*)([1-9]\d{12})(?![0-9A-Za-z])/g;
const DELAYED_SCORE = /(?<![0-9A-Za-z.])[1-9]\d{15}(?![0-9A-Za-z])/g;
const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const CALENDAR = /(?<![0-9A-Za-z-])20\d\d-\d\d(-\d\d)?(?![0-9A-Za-z-])/g;

const signed = (distance: number): string => (distance < 0 ? String(distance) : `+${distance}`);

/** @throws Error when it names a day other than that of `nowMs`: what was written over midnight is better written again. */
export function withoutAge(text: string, nowMs: number): string {
  const [day, month] = calendarOf(nowMs);
  const isNear = (ms: number): boolean => Math.abs(ms - nowMs) < NEAR_MS;
  return text
    .replace(ISO, (iso) => `<iso${signed(Date.parse(iso) - nowMs)}>`)
    .replace(DELAYED_SCORE, (score) => {
      const number = Number(score) % DELAYED_STEP;
      const ms = (Number(score) - number) / DELAYED_STEP;
      return isNear(ms) ? `<due${signed(ms - nowMs)}~${number}>` : score;
    })
    .replace(MILLISECONDS, (found, zeros: string, digits: string) => {
      if (!isNear(Number(digits))) return found;
      const width = zeros === '' ? '' : `|${found.length}`;
      return `<now${signed(Number(digits) - nowMs)}${width}>`;
    })
    .replace(CALENDAR, (found) => {
      if (found === day) return '<day>';
      if (found === month) return '<month>';
      throw new Error(`A day that is not ${day}: ${found}.`);
    });
}

/** What withoutAge made, as if it had been written at `nowMs`. */
export function withAge(text: string, nowMs: number): string {
  const [day, month] = calendarOf(nowMs);
  return text
    .replace(/<iso([+-]\d+)>/g, (_, distance: string) => new Date(nowMs + Number(distance)).toISOString())
    .replace(/<due([+-]\d+)~(\d+)>/g, (_, distance: string, number: string) =>
      String((nowMs + Number(distance)) * DELAYED_STEP + Number(number)),
    )
    .replace(/<now([+-]\d+)(?:\|(\d+))?>/g, (_, distance: string, width = '0') =>
      String(nowMs + Number(distance)).padStart(Number(width), '0'),
    )
    .replaceAll('<day>', day)
    .replaceAll('<month>', month);
}

function calendarOf(ms: number): [day: string, month: string] {
  const iso = new Date(ms).toISOString();
  return [iso.slice(0, 10), iso.slice(0, 7)];
}
