import { z } from 'zod';
import type { Pronunciation } from './wire-dictionaries.ts';

/** Of a dictionary, and of a request besides. */
export const MAX_PRONUNCIATIONS = 1000;
/** Of all words and how they are said. */
export const MAX_PRONUNCIATIONS_CHARACTERS = 32_000;
export const MAX_WORD_CHARACTERS = 100;
export const MAX_SAID_CHARACTERS = 300;

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;
/** Letters, diacritics and marks of the International Phonetic Alphabet, and what dictionaries write for them. */
const NO_SOUND = /[^a-zæçðøħŋœɐ-ʯβθχᴀ-ᶿʰ-˿\p{M}ⱱǀ-ǃ‿.|‖' -]/u;

const line = (most: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(1, 'is empty')
        .max(most, `must have at most ${most} characters`)
        .refine((text) => !CONTROL.test(text), 'must not contain control characters'),
    )
    .transform((text) => text.replace(/\p{Zs}+/gu, ' '));

const language = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3}$/, 'must be a language such as `en` or `pt-BR`')
  .transform((tag) => tag.toLowerCase().replaceAll('_', '-'));

const checkedPronunciation = z
  .strictObject({
    word: line(MAX_WORD_CHARACTERS).meta({
      description: 'A word or phrase. In small letters: however it is written. With a capital: as it stands.',
    }),
    say: line(MAX_SAID_CHARACTERS).optional().meta({ description: 'What is read instead, by no rule again.' }),
    ipa: line(MAX_SAID_CHARACTERS)
      .transform((sounds) => sounds.replace(/^\/(.+)\/$/, '$1'))
      .optional()
      .meta({ description: 'In place of `say`: how it sounds, in letters of the International Phonetic Alphabet.' }),
    language: language.optional().meta({ description: 'BCP 47: only there. Absent: in every language.' }),
  })
  .superRefine(({ word, say, ipa }, context) => {
    const problem = problemOf(say, ipa);
    if (problem !== null) context.addIssue({ code: 'custom', message: `${JSON.stringify(word)} ${problem}` });
  })
  .meta({ override: eitherOf });

/** For the API document: each form by itself. */
function eitherOf({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  const {
    properties,
    required: _,
    ...whole
  } = jsonSchema as { properties: Record<string, unknown>; required: unknown };
  const { say, ipa, ...common } = properties;
  for (const name of Object.keys(jsonSchema)) delete jsonSchema[name];
  const form = (own: object) => ({
    ...whole,
    properties: { ...common, ...own },
    required: ['word', ...Object.keys(own)],
  });
  jsonSchema.anyOf = [form({ say }), form({ ipa })];
}

function problemOf(say: string | undefined, ipa: string | undefined): string | null {
  if ((say === undefined) === (ipa === undefined)) return 'needs either say or ipa';
  if (say !== undefined) return /[\p{L}\p{N}]/u.test(say) ? null : 'has nothing to say';
  const [other] = NO_SOUND.exec(ipa ?? '') ?? [];
  if (other !== undefined) return `has ${JSON.stringify(other)} in ipa, which is no sound`;
  return /[\p{Ll}\p{Lo}]/u.test(ipa ?? '') ? null : 'has no sound in ipa';
}

/** Each once, sorted: the same pronunciations are the same work, in whatever order they come. */
export const pronunciationsSchema = z
  .array(checkedPronunciation)
  .max(MAX_PRONUNCIATIONS, `must be at most ${MAX_PRONUNCIATIONS} entries`)
  .transform((entries) => mergePronunciations(entries))
  .refine((entries) => charactersOf(entries) <= MAX_PRONUNCIATIONS_CHARACTERS, {
    error: `must have at most ${MAX_PRONUNCIATIONS_CHARACTERS} characters in all`,
  });

/** Of two for the same word in the same language, the later one counts. */
export function mergePronunciations(...lists: readonly (readonly Pronunciation[])[]): Pronunciation[] {
  const byWord = new Map(lists.flat().map((entry) => [JSON.stringify([entry.word, entry.language ?? null]), entry]));
  return [...byWord].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
}

/** As options have them: none are no option. */
export const pronunciationsOf = (pronunciations: readonly Pronunciation[]): { pronunciations?: Pronunciation[] } =>
  pronunciations.length > 0 ? { pronunciations: [...pronunciations] } : {};

const charactersOf = (entries: readonly Pronunciation[]): number =>
  entries.reduce((sum, { word, say = '', ipa = '' }) => sum + word.length + say.length + ipa.length, 0);
