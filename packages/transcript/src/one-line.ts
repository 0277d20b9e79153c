/** Text without line breaks (they would end a cue or a row) and without control characters (they upset players). */
export function oneLine(text: string): string {
  return text.replace(/[\s\u2028\u2029]+/gu, ' ').replace(/\p{Cc}/gu, '');
}
