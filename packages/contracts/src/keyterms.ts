import { z } from 'zod';

export const MAX_KEYTERMS = 1000;
export const MAX_KEYTERM_CHARACTERS = 100;
/** Of all terms of a request and what they sound like. */
export const MAX_KEYTERMS_CHARACTERS = 32_000;
export const MAX_SOUNDS_LIKE = 5;
export const MAX_KEYTERM_WEIGHT = 4;

const spelling = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .max(MAX_KEYTERM_CHARACTERS, `must have at most ${MAX_KEYTERM_CHARACTERS} characters`)
      .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text), 'must not contain control characters')
      .refine((text) => /[\p{L}\p{N}]/u.test(text), 'must contain a letter or a digit'),
  )
  .transform((text) => text.replace(/\p{Zs}+/gu, ' '));

/** A name or phrase that is expected in a recording, as runs and lists keep it: checked when it came in. */
export const keytermSchema = z.object({
  text: z.string(),
  weight: z.number().optional(),
  soundsLike: z.array(z.string()).optional(),
});
export type Keyterm = z.infer<typeof keytermSchema>;

const checkedKeyterm = z.strictObject({
  text: spelling,
  /** How strongly it is expected; absent: 1. */
  weight: z.number().positive().max(MAX_KEYTERM_WEIGHT).optional(),
  /** Other ways in which it may be heard; `text` is written for each. Absent: none. */
  soundsLike: z.array(spelling).min(1).max(MAX_SOUNDS_LIKE).optional(),
});

/** Each once, sorted: the same terms are the same work, in whatever order they come. */
const keytermsSchema = z
  .array(checkedKeyterm)
  .max(MAX_KEYTERMS, `must be at most ${MAX_KEYTERMS} terms`)
  .transform((terms) => sorted(terms))
  .refine((terms) => charactersOf(terms) <= MAX_KEYTERMS_CHARACTERS, {
    error: `must have at most ${MAX_KEYTERMS_CHARACTERS} characters in all`,
  });

/** A term as a client writes it. */
export const wireKeytermSchema = z.union([
  z.string(),
  z.strictObject({
    text: z.string(),
    weight: z.number().optional(),
    sounds_like: z.union([z.string(), z.array(z.string())]).optional(),
  }),
]);
export type WireKeyterm = z.infer<typeof wireKeytermSchema>;

export const wireKeytermsSchema = z
  .array(wireKeytermSchema)
  .transform((terms) => terms.map(fromWire))
  .pipe(keytermsSchema);

/**
 * A form field that may be repeated: each value is a term, or JSON of one term or of a list of them, such as
 * `[{"text": "Kubernetes", "weight": 2, "sounds_like": ["cooper netties"]}, "Grafana"]`.
 */
export const keytermsField = z
  .union([z.string(), z.array(z.string())])
  .transform((value, context): unknown[] => {
    try {
      return [value].flat().flatMap(termsOf);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a term, or JSON of a term or of a list of terms' });
      return z.NEVER;
    }
  })
  .pipe(wireKeytermsSchema);

/** Of two with the same text, the later one counts. */
export const mergeKeyterms = (...lists: readonly (readonly Keyterm[])[]): Keyterm[] => sorted(lists.flat());

export function toWireKeyterm({ text, weight, soundsLike }: Keyterm): WireKeyterm {
  if (weight === undefined && soundsLike === undefined) return text;
  return {
    text,
    ...(weight !== undefined && { weight }),
    ...(soundsLike !== undefined && { sounds_like: soundsLike }),
  };
}

function fromWire(term: WireKeyterm): Keyterm {
  if (typeof term === 'string') return { text: term };
  const { text, weight, sounds_like } = term;
  const soundsLike = [sounds_like ?? []].flat();
  return {
    text,
    ...(weight !== undefined && weight !== 1 && { weight }),
    ...(soundsLike.length > 0 && { soundsLike }),
  };
}

function termsOf(value: string): unknown[] {
  const text = value.trim();
  if (text === '') return [];
  return /^[[{]/.test(text) ? [JSON.parse(text)].flat() : [value];
}

function sorted(terms: readonly Keyterm[]): Keyterm[] {
  const byText = new Map(terms.map((term) => [term.text, term]));
  return [...byText.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}

function charactersOf(terms: readonly Keyterm[]): number {
  return terms.reduce((sum, { text, soundsLike = [] }) => sum + text.length + soundsLike.join('').length, 0);
}
