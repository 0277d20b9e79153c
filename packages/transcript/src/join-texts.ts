import { endsWithIdeograph, startsWithIdeograph } from './scripts.ts';

/** Enough of an end to see an ideograph with its marks. */
const END_CHARACTERS = 16;

/**
 * Texts of segments as one text, trimmed. Whisper begins a word with its blank; where a segment does not, one is put in,
 * except beside ideographs, which have none.
 */
export function joinTexts(texts: readonly string[]): string {
  let joined = '';
  let end = '';
  for (const text of texts) {
    const piece = touches(end, text) ? ` ${text}` : text;
    joined += piece;
    end = (end + piece).slice(-END_CHARACTERS);
  }
  return joined.trim();
}

/** Two texts that need a blank between them and have none. */
export function touches(before: string, after: string): boolean {
  const isJoined = before !== '' && after !== '' && !/\s$/u.test(before) && !/^\s/u.test(after);
  return isJoined && needsBlank(before, after);
}

function needsBlank(before: string, after: string): boolean {
  const isCjk = endsWithIdeograph(before) || /[。、！？，」』）\u3000]$/u.test(before) || startsWithIdeograph(after);
  return !isCjk;
}

/** What a TextJoiner remembers, as plain data, so that another one can continue. */
export interface JoinerState {
  end: string;
  /** Blanks at the end, given out only when something follows. */
  held: string;
  isEmpty: boolean;
}

/** Joins texts as they come: what `add` gave, put together, is always joinTexts of the texts so far. */
export class TextJoiner {
  readonly #state: JoinerState;

  /** @param state of the joiner whose text this one continues. */
  constructor(state: JoinerState = { end: '', held: '', isEmpty: true }) {
    this.#state = { ...state };
  }

  get state(): JoinerState {
    return { ...this.#state };
  }

  /** What this text adds. */
  add(text: string): string {
    const { end, held, isEmpty } = this.#state;
    const added = touches(end, text) ? ` ${text}` : text;
    const piece = isEmpty ? (held + added).trimStart() : held + added;
    const given = piece.trimEnd();
    this.#state.end = (end + added).slice(-END_CHARACTERS);
    this.#state.held = piece.slice(given.length);
    if (given !== '') this.#state.isEmpty = false;
    return given;
  }
}
