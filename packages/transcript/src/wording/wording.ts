import type { Segment, Transcript, Wording } from '@sotto/contracts';
import { joinTexts } from '../join-texts.ts';
import { editSegment, type TextEdit, textOfWords } from './edits.ts';
import { fillerEdits } from './fillers.ts';
import { digitEdits, wordEdits } from './numbers.ts';
import { profanityEdits } from './profanity.ts';
import { Replacements } from './replacements.ts';

type FindEdits = (text: string) => TextEdit[];
type Change = (segment: Segment) => Segment;

/**
 * A transcript worded as its reader wants it. Times of untouched words stay; a segment that says nothing any more is left
 * out. Rules look at one segment at a time, in this order: spelling rules, filler words, numbers, swear words, case.
 */
export function worded(transcript: Transcript, wording: Wording): Transcript {
  const usual = changesOf(transcript.language, wording);
  if (usual.length === 0) return transcript;
  const known = new Map([[transcript.language, usual]]);
  const change = (segment: Segment) => {
    const language = segment.language ?? transcript.language;
    const changes = known.get(language) ?? changesOf(language, wording);
    known.set(language, changes);
    return changes.reduce((changed, next) => next(changed), segment);
  };
  const segments = transcript.segments
    .map(change)
    .filter(({ text }, at) => text.trim() !== '' || transcript.segments[at]?.text.trim() === '')
    .map((segment, id) => ({ ...segment, id }));
  return { ...transcript, segments, text: joinTexts(segments.map(({ text }) => text)) };
}

function changesOf(language: string | null, wording: Wording): Change[] {
  const edits: FindEdits[] = [];
  if (wording.replace.length > 0) {
    const replacements = new Replacements(wording.replace);
    edits.push((text) => replacements.editsOf(text));
  }
  if (!wording.disfluencies) edits.push((text) => fillerEdits(text, language));
  if (wording.numbers === 'digits') edits.push((text) => digitEdits(text, language));
  if (wording.numbers === 'words') edits.push((text) => wordEdits(text, language));
  if (wording.profanity === 'mask') edits.push((text) => profanityEdits(text, language));
  const changes = edits.map((find) => (segment: Segment) => editSegment(segment, find(wordedText(segment))));
  return wording.casing === 'keep' ? changes : [...changes, caseOf(wording.casing, language)];
}

/** What the edits count in: words joined are the text, but for a blank that only one of them has. */
function wordedText({ words, text }: Segment): string {
  return words.length === 0 ? text : textOfWords(words);
}

function caseOf(casing: 'lower' | 'upper', language: string | null): Change {
  const locale = language ?? undefined;
  const change = (text: string) =>
    casing === 'lower' ? text.toLocaleLowerCase(locale) : text.toLocaleUpperCase(locale);
  return (segment) => ({
    ...segment,
    text: change(segment.text),
    words: segment.words.map((word) => ({ ...word, word: change(word.word) })),
  });
}
