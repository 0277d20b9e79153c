/** A Redis hash, as clients get it. */
export type Hash = Record<string, string>;

/** Scripts answer with a flat list of names and values. */
export function hashOf(reply: unknown): Hash {
  if (!Array.isArray(reply)) return {};
  const hash: Hash = {};
  for (let i = 0; i + 1 < reply.length; i += 2) hash[String(reply[i])] = String(reply[i + 1]);
  return hash;
}
