/** A Redis hash. */
export type Hash = Record<string, string>;

/** From the flat list of names and values that scripts return. */
export function hashOf(reply: unknown): Hash {
  if (!Array.isArray(reply)) return {};
  const hash: Hash = {};
  for (let i = 0; i + 1 < reply.length; i += 2) hash[String(reply[i])] = String(reply[i + 1]);
  return hash;
}
