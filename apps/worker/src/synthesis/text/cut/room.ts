/** How much text makes how much speech. Characters are UTF-16 units, as everywhere in pieces. */
export interface PieceRoom {
  charactersPerSecond: number;
  /** No piece is longer: some 15 seconds at the usual speed. */
  most: number;
  /** Long enough for a clause, and spoken soon. */
  first: number;
}

const ALPHABETIC = { charactersPerSecond: 15, most: 220, first: 60 };
/** A character is a syllable or more. */
const SYLLABIC = { charactersPerSecond: 5, most: 75, first: 20 };

const SYLLABIC_LANGUAGES = new Set(['zh', 'cmn', 'yue', 'ja', 'ko', 'ii']);

/** @param longestSeconds of speech, which makes pieces shorter, but no shorter than the first one may be */
export function pieceRoom(language: string, speed: number, longestSeconds: number): PieceRoom {
  const room = SYLLABIC_LANGUAGES.has(language.split('-')[0]?.toLowerCase() ?? '') ? SYLLABIC : ALPHABETIC;
  const charactersPerSecond = room.charactersPerSecond * speed;
  const longest = Math.max(room.first, Math.floor(longestSeconds * charactersPerSecond));
  return { ...room, charactersPerSecond, most: Math.min(room.most, longest) };
}
