import { z } from 'zod';
import { flagField, optional } from './form-fields.ts';
import {
  CASINGS,
  MAX_REPLACEMENTS,
  NUMBER_STYLES,
  PROFANITY_CHOICES,
  type Replacement,
  replacementSchema,
  type WordingChoice,
} from './wording.ts';

const { from, to } = replacementSchema.shape;
const wireReplacements = z.array(
  z
    .strictObject({ from, to, match_case: z.boolean().optional() })
    .transform(({ match_case, ...rule }): Replacement => ({ ...rule, ...(match_case && { matchCase: true }) })),
);

/** `[{"from": "cube cuttle", "to": "kubectl"}]`, or a line for each: `cube cuttle => kubectl`. */
const replacements = z
  .string()
  .transform((text, context): unknown => {
    if (!text.trim().startsWith('[')) return linesOf(text, context);
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not valid JSON' });
      return z.NEVER;
    }
  })
  .pipe(wireReplacements.max(MAX_REPLACEMENTS));

function linesOf(text: string, context: z.RefinementCtx): Pick<Replacement, 'from' | 'to'>[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [from = '', to, ...more] = line.split('=>');
    if (to === undefined || more.length > 0) {
      context.addIssue({ code: 'custom', message: 'must be a JSON list, or lines of `from => to`' });
    }
    return { from, to: to ?? '' };
  });
}

const choiceOf = <T extends readonly [string, ...string[]]>(choices: T, description: string) =>
  optional(z.string().trim().toLowerCase().pipe(z.enum(choices))).meta({
    description,
    enum: [...choices],
    default: choices[0],
  });

/** How the text is worded when it is rendered. */
export const wordingFields = {
  replace: optional(replacements).meta({
    description:
      'Spelling rules: a JSON list of `{"from", "to", "match_case"}`, or a line `from => to` for each. `*` stands for any letters of one word; an empty `to` leaves the words out. `[]`: none.',
  }),
  disfluencies: flagField('true', 'false: filler words such as "um" are left out.'),
  numbers: choiceOf(
    NUMBER_STYLES,
    '`digits`: number words from ten upwards are written in digits; `words`: the other way round. English, German, Spanish, French, Italian.',
  ),
  profanity: choiceOf(PROFANITY_CHOICES, '`mask`: swear words keep only their first letter.'),
  casing: choiceOf(CASINGS, '`lower` or `upper` case.'),
};

type WordingForm = { [Name in keyof typeof wordingFields]?: z.output<(typeof wordingFields)[Name]> };

/** The one place where form names become a Wording. */
export function wordingChoiceOf(form: WordingForm): WordingChoice {
  const { replace, disfluencies, numbers, profanity, casing } = form;
  const choice = { replace, disfluencies, numbers, profanity, casing };
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
}
