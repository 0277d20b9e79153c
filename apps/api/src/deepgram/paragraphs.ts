import type { Word } from '@sotto/contracts';
import { paragraphs } from '@sotto/transcript';
import { z } from 'zod';
import { uuidOf } from './uuid-of.ts';
import { confidenceOf, deepgramWord, secondsOf, textOfWords, type WordStyle, wordSchema } from './words.ts';

const seconds = z.number().min(0);

export const paragraphsSchema = z.object({
  transcript: z.string(),
  paragraphs: z.array(
    z.object({
      sentences: z.array(z.object({ text: z.string(), start: seconds, end: seconds })),
      num_words: z.int(),
      start: seconds,
      end: seconds,
      speaker: z.int().optional(),
    }),
  ),
});

/** `transcript` begins each paragraph on a line of its own, with its speaker where speakers are told. */
export function paragraphsOf(words: readonly Word[], style: WordStyle): z.infer<typeof paragraphsSchema> {
  const found = paragraphs(words).map((sentences) => {
    const all = sentences.flat();
    const speaker = style.hasSpeakers ? speakerIn(all) : undefined;
    return {
      sentences: sentences.map((sentence) => ({ text: textOfWords(sentence, style), ...spanOf(sentence) })),
      num_words: all.length,
      ...spanOf(all),
      ...(speaker !== undefined && { speaker }),
    };
  });
  const texts = found.map(({ sentences, speaker }) => {
    const text = sentences.map((sentence) => sentence.text).join(' ');
    return speaker === undefined ? text : `Speaker ${speaker}: ${text}`;
  });
  return { transcript: texts.length === 0 ? '' : `\n${texts.join('\n\n')}`, paragraphs: found };
}

export const utteranceSchema = z.object({
  id: z.uuid(),
  start: seconds,
  end: seconds,
  confidence: z.number(),
  channel: z.int(),
  transcript: z.string(),
  words: z.array(wordSchema),
  speaker: z.int().optional(),
});
export type Utterance = z.infer<typeof utteranceSchema>;

/** Words up to a pause of that length, or to where another speaker begins. */
export function utterancesOf(
  words: readonly Word[],
  style: WordStyle,
  { splitMs, channel, requestId }: { splitMs: number; channel: number; requestId: string },
): Utterance[] {
  const found: Word[][] = [];
  for (const word of words) {
    const current = found.at(-1);
    const before = current?.at(-1);
    const isOther = style.hasSpeakers && before?.speaker !== undefined && word.speaker !== before.speaker;
    if (current === undefined || before === undefined || isOther || word.startMs - before.endMs >= splitMs) {
      found.push([word]);
    } else {
      current.push(word);
    }
  }
  return found.map((said, index) => {
    const speaker = style.hasSpeakers ? speakerIn(said) : undefined;
    return {
      ...spanOf(said),
      confidence: confidenceOf(said),
      channel,
      transcript: textOfWords(said, style),
      words: said.map((word) => deepgramWord(word, style)),
      ...(speaker !== undefined && { speaker }),
      id: uuidOf(`${requestId} ${channel} ${index}`),
    };
  });
}

function spanOf(words: readonly Word[]): { start: number; end: number } {
  return { start: secondsOf(words[0]?.startMs ?? 0), end: secondsOf(words.at(-1)?.endMs ?? 0) };
}

const speakerIn = (words: readonly Word[]): number | undefined =>
  words.find(({ speaker }) => speaker !== undefined)?.speaker;
