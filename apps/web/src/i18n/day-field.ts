/** A moment as a date field has it, where its reader is: `2026-11-30`. Empty: none. */
export function dayOf(moment: Date | string | null): string {
  if (moment === null) return '';
  const date = new Date(moment);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** When a day of a date field begins where its reader is, in ISO 8601. */
export const beginOf = (day: string): string => new Date(`${day}T00:00:00`).toISOString();

/** When it ends. */
export const endOf = (day: string): string => new Date(`${day}T23:59:59.999`).toISOString();
