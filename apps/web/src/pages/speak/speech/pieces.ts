/** A part of the text that was spoken in one go. */
export interface ShownPiece {
  text: string;
  /** Seconds from the beginning. */
  start: number;
  end: number;
}

/** Which of them is heard at that time; -1: none. The silence behind a piece belongs to it. */
export function pieceAt(pieces: readonly ShownPiece[], seconds: number): number {
  return pieces.findLastIndex(({ start }) => start <= seconds);
}

/** With one more behind, which lasts so many seconds. */
export function withPiece(pieces: readonly ShownPiece[], text: string, seconds: number): ShownPiece[] {
  const start = pieces.at(-1)?.end ?? 0;
  return [...pieces, { text, start, end: start + seconds }];
}
