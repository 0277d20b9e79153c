import { z } from 'zod';

export const MAX_REPLACEMENTS = 200;
export const MAX_REPLACEMENT_CHARACTERS = 100;

const oneLine = z
  .string()
  .trim()
  .max(MAX_REPLACEMENT_CHARACTERS)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

/** A spelling rule. In `from`, `*` stands for any letters and digits of one word; case counts only if `matchCase` says so. */
export const replacementSchema = z.object({
  from: oneLine.regex(/[\p{L}\p{N}]/u, 'must contain a letter or a digit'),
  /** Empty: the words are left out. */
  to: oneLine,
  matchCase: z.boolean().optional(),
});
export type Replacement = z.infer<typeof replacementSchema>;

export const CASINGS = ['keep', 'lower', 'upper'] as const;
export const NUMBER_STYLES = ['keep', 'digits', 'words'] as const;
export const PROFANITY_CHOICES = ['keep', 'mask'] as const;
export type Casing = (typeof CASINGS)[number];
export type NumberStyle = (typeof NUMBER_STYLES)[number];
export type ProfanityChoice = (typeof PROFANITY_CHOICES)[number];

/** How the text of a transcript is worded when it is rendered. The stored transcript stays as it was heard. */
export const wordingSchema = z.object({
  /** Tried in order at each place; what a rule has written is not looked at again. */
  replace: z.array(replacementSchema).max(MAX_REPLACEMENTS),
  /** false: filler words such as "um" are left out. */
  disfluencies: z.boolean(),
  numbers: z.enum(NUMBER_STYLES),
  profanity: z.enum(PROFANITY_CHOICES),
  casing: z.enum(CASINGS),
});
export type Wording = z.infer<typeof wordingSchema>;

export const DEFAULT_WORDING: Wording = {
  replace: [],
  disfluencies: true,
  numbers: 'keep',
  profanity: 'keep',
  casing: 'keep',
};

/** What a request says of its wording; the rest is as usual. */
export const wordingChoiceSchema = wordingSchema.partial();
export type WordingChoice = z.infer<typeof wordingChoiceSchema>;

/** Later choices win. */
export function wordingOf(...choices: readonly (WordingChoice | undefined)[]): Wording {
  return Object.assign({}, DEFAULT_WORDING, ...choices);
}
