import type { Keyterm, Segment, Word } from '@sotto/contracts';

interface Spellings {
  /** Folded text as it is heard -> how it is written. */
  byHeard: Map<string, string>;
  longest: number;
}

/** Marks around a word, and an ending in 's, stay as they are. */
const AROUND = /^([^\p{L}\p{N}]*)(.*?)((?:['\u2019]s)?[^\p{L}\p{N}]*)$/su;

/**
 * Writes the terms where they were heard in another way: as one of their `soundsLike`, or in capitals of its own. The words of a term share the time
 * of those that it replaces; joined words equal the text of their segment, as before. Token ids stay those of what was heard.
 */
export function respell(segments: readonly Segment[], keyterms: readonly Keyterm[]): Segment[] {
  const spellings = spellingsOf(keyterms);
  if (spellings.byHeard.size === 0) return [...segments];
  return segments.map((segment) => {
    const words = respellWords(segment.words, spellings);
    return words === null ? segment : { ...segment, words, text: words.map(({ word }) => word).join('') };
  });
}

function spellingsOf(keyterms: readonly Keyterm[]): Spellings {
  const byHeard = new Map<string, string>();
  for (const { text, soundsLike = [] } of keyterms) for (const heard of soundsLike) byHeard.set(fold(heard), text);
  // A term is itself before it is what another one sounds like.
  for (const { text } of keyterms) {
    if (hasOwnCase(text)) byHeard.set(fold(text), text);
    else byHeard.delete(fold(text));
  }
  return { byHeard, longest: Math.max(0, ...[...byHeard.keys()].map((heard) => heard.length)) };
}

/** Capitals in the middle (PostgreSQL). Others may be words that are also names: Mark, Will. */
const hasOwnCase = (text: string): boolean => /\p{L}.*\p{Lu}/su.test(text);

/** null: nothing is written in another way. */
function respellWords(words: readonly Word[], spellings: Spellings): Word[] | null {
  const written: Word[] = [];
  let isChanged = false;
  for (let at = 0; at < words.length; ) {
    const found = longestFrom(words, at, spellings);
    if (found === null) {
      written.push(...words.slice(at, at + 1));
      at += 1;
      continue;
    }
    written.push(...found.words);
    isChanged = true;
    at += found.count;
  }
  return isChanged ? written : null;
}

function longestFrom(words: readonly Word[], at: number, { byHeard, longest }: Spellings) {
  let found: { words: Word[]; count: number } | null = null;
  let joined = '';
  let lastCore = '';
  for (let end = at; end < words.length; end++) {
    joined += words[end]?.word ?? '';
    const [, before = '', core = '', after = ''] = AROUND.exec(joined) ?? [];
    if (core.length > longest) break;
    const term = core === lastCore ? undefined : byHeard.get(fold(core));
    lastCore = core;
    if (term === undefined) continue;
    const text = before + inCaseOf(core, term) + after;
    const heard = words.slice(at, end + 1);
    found = text === joined ? null : { words: shared(text, heard), count: heard.length };
  }
  return found;
}

/** A term in small letters keeps the capital that a sentence begins with. */
function inCaseOf(heard: string, term: string): string {
  const isCapital = heard[0] !== heard[0]?.toLowerCase();
  if (term !== term.toLowerCase() || !isCapital) return term;
  const [first = '', ...rest] = term;
  return first.toUpperCase() + rest.join('');
}

/** The words of `text` over the time of `heard`, in proportion to their length. */
function shared(text: string, heard: readonly Word[]): Word[] {
  const startMs = heard[0]?.startMs ?? 0;
  const endMs = heard.at(-1)?.endMs ?? startMs;
  const logs = heard.map(({ confidence }) => Math.log(Math.max(confidence, 1e-10)));
  const confidence = Math.min(1, Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length));
  const parts = text.match(/\s*\S+/gu) ?? [text];
  const total = parts.join('').length;
  const at = (characters: number) => Math.round(startMs + ((endMs - startMs) * characters) / total);
  let characters = 0;
  return parts.map((word) => {
    const from = at(characters);
    characters += word.length;
    return { word, startMs: from, endMs: at(characters), confidence };
  });
}

const fold = (text: string): string =>
  text.normalize('NFC').toLowerCase().replaceAll('\u2019', "'").replace(/\s+/gu, ' ');
