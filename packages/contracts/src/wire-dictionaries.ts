import * as z from 'zod';
import { namedListFields } from './named-list.ts';

/** How a word or phrase is said, as a client writes it and as runs and dictionaries keep it: checked when it came in. */
export const pronunciationSchema = z
  .object({
    /** In small letters: however it is written. With a capital: as it stands. */
    word: z.string(),
    /** What is read instead; absent: `ipa` is there. */
    say: z.string().optional(),
    /** How it sounds, in letters of the International Phonetic Alphabet. */
    ipa: z.string().optional(),
    /** Lower-case BCP 47: only there. Absent: in every language. */
    language: z.string().optional(),
  })
  .meta({ id: 'Pronunciation' });
export type Pronunciation = z.infer<typeof pronunciationSchema>;

const listed = { ...namedListFields, words: z.int().meta({ description: 'How many entries there are.' }) };

export const wireDictionarySchema = z
  .object({ ...listed, entries: z.array(pronunciationSchema) })
  .meta({ id: 'Dictionary' });
export type WireDictionary = z.infer<typeof wireDictionarySchema>;

export const wireDictionaryListSchema = z
  .object({ dictionaries: z.array(z.object(listed)) })
  .meta({ id: 'DictionaryList' });
export type WireDictionaryList = z.infer<typeof wireDictionaryListSchema>;
