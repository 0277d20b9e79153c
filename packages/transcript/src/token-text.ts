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
  let waiting: TimedToken[] = [];
  for (const token of tokens) {
    waiting.push(token);
    const text = decoder.decode(token.bytes, { stream: true });
    if (text === '') continue;
    units.push({ text, tokens: waiting });
    waiting = [];
  }
  const rest = decoder.decode();
  if (rest !== '') units.push({ text: rest, tokens: waiting });
  else units.at(-1)?.tokens.push(...waiting);
  return units;
}

/** The text that these tokens spell. */
export function tokensText(tokens: readonly TimedToken[]): string {
  return textUnits(tokens)
    .map((unit) => unit.text)
    .join('');
}
