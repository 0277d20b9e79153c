import type { Told } from './speak.ts';

/** Of one or more sessions; milliseconds. */
export interface Latencies {
  /** From the beginning of an utterance's first word to the first text of it. */
  firstText: number[];
  /** From the end of speech to the last text of the utterance; the silence that tells the end is in it. */
  endToFinal: number[];
  /** From the end of a word to the text that has it for good. */
  wordToFinal: number[];
  /** Audio that had arrived and was not in a text, of each text. */
  lag: number[];
}

type Of<T extends Told['type']> = Extract<Told, { type: T }>;

export function latenciesOf(told: readonly Told[]): Latencies {
  const texts = told.filter((event) => event.type === 'partial' || event.type === 'final');
  const finals = of(told, 'final');
  const utterances = new Set(finals.map(({ utterance }) => utterance));
  const firstText = [...utterances].flatMap((utterance) => {
    const word = finals.filter((final) => final.utterance === utterance).flatMap(({ words }) => words)[0];
    const text = texts.find((one) => one.utterance === utterance && one.text !== '');
    return word === undefined || text === undefined ? [] : [text.atMs - word.start * 1_000];
  });
  const endToFinal = of(told, 'speech_stopped').flatMap(({ utterance, at }) => {
    const last = finals.find((final) => final.utterance === utterance && final.is_last);
    return last === undefined ? [] : [last.atMs - at * 1_000];
  });
  const wordToFinal = finals.flatMap(({ words, atMs }) => words.map(({ end }) => atMs - end * 1_000));
  return { firstText, endToFinal, wordToFinal, lag: texts.map(({ lag_ms: lagMs }) => lagMs) };
}

export function pooled(all: readonly Latencies[]): Latencies {
  return {
    firstText: all.flatMap(({ firstText }) => firstText),
    endToFinal: all.flatMap(({ endToFinal }) => endToFinal),
    wordToFinal: all.flatMap(({ wordToFinal }) => wordToFinal),
    lag: all.flatMap(({ lag }) => lag),
  };
}

export const textOf = (told: readonly Told[]): string =>
  of(told, 'final')
    .map(({ text }) => text)
    .join(' ')
    .trim();

const of = <T extends Told['type']>(told: readonly Told[], type: T): Of<T>[] =>
  told.filter((event): event is Of<T> => event.type === type);
