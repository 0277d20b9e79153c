/** One text token of a window. */
export interface TimedToken {
  id: number;
  /** Raw bytes: a UTF-8 character may span tokens. */
  bytes: Uint8Array;
  /** 0-1. */
  probability: number;
  /** Window time; -1 when the token was not aligned. */
  startMs: number;
  endMs: number;
}

/** The shortest run of tokens that ends on a whole character, and its text. */
export interface TextUnit {
  text: string;
  tokens: TimedToken[];
}

/**
 * Tokens as text, character by whole character. Bytes that are no UTF-8 become U+FFFD, exactly as if all bytes had been
 * decoded at once: joined units equal the text of the joined bytes for any split.
 */
export function textUnits(tokens: readonly TimedToken[]): TextUnit[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const units: TextUnit[] = [];
  let unit: TextUnit = { text: '', tokens: [] };
  let missing = 0;
  for (const token of tokens) {
    unit.text += decoder.decode(token.bytes, { stream: true });
    unit.tokens.push(token);
    missing = bytesMissing(token.bytes, missing);
    if (missing > 0 || unit.text === '') continue;
    units.push(unit);
    unit = { text: '', tokens: [] };
  }
  unit.text += decoder.decode();
  if (unit.text !== '') units.push(unit);
  else units.at(-1)?.tokens.push(...unit.tokens);
  return units;
}

/** Bytes that the last character still lacks, when `missing` were lacking before these. */
function bytesMissing(bytes: Uint8Array, missing: number): number {
  let left = missing;
  for (const byte of bytes) {
    if (byte >= 0xf0) left = 3;
    else if (byte >= 0xe0) left = 2;
    else if (byte >= 0xc0) left = 1;
    else left = byte >= 0x80 ? Math.max(0, left - 1) : 0;
  }
  return left;
}

/** The text that these tokens spell. */
export function tokensText(tokens: readonly TimedToken[]): string {
  return textUnits(tokens)
    .map((unit) => unit.text)
    .join('');
}
