/** What a raw query answers: both drivers give `rows`, in types of their own. */
export function rowsOf<Row extends Record<string, unknown>>(result: unknown): Row[] {
  return (result as { rows: Row[] }).rows;
}
