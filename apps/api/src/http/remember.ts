/** Of each memory of callers; there may be any number of them. */
const MAX_REMEMBERED = 10_000;

/** Sets a value as the one used last; beyond the maximum, the one that was used longest ago is forgotten. */
export function remember<T>(map: Map<string, T>, name: string, value: T): void {
  map.delete(name);
  map.set(name, value);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
