import { z } from 'zod';
import { RESPONSE_FORMATS } from './options.ts';

const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off']))
  .transform((text) => ['true', '1', 'yes', 'on'].includes(text));

export const number = z
  .string()
  .trim()
  .regex(/^-?\d+(\.\d+)?$/, 'must be a number')
  .transform(Number);

export const responseFormat = z
  .string()
  .trim()
  .toLowerCase()
  .transform((text) => (text === 'txt' ? 'text' : text))
  .pipe(z.enum(RESPONSE_FORMATS));

export const httpUrl = z
  .string()
  .trim()
  .max(2048)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http or https address')
  .transform((text) => new URL(text).href);

/** A field left empty (`model=`) means the same as one left out. */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional());

/** A JSON object as a form has it: each field is text, and one that is left empty means the same as one left out. */
export const asTextFields = <S extends z.ZodRawShape>(schema: z.ZodObject<S>): z.ZodObject<S, z.core.$strict> =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(schema.shape).map(([name, field]) => {
        const read = z.preprocess((text) => fromText(text, field as z.ZodType), field as z.ZodType);
        return [name, read.meta(z.globalRegistry.get(field as z.ZodType) ?? {})];
      }),
    ),
  ) as unknown as z.ZodObject<S, z.core.$strict>;

/** What is no text of such a value stays as it is, for the field to refuse. */
function fromText(text: unknown, field: z.ZodType): unknown {
  if (typeof text !== 'string') return text;
  if (text.trim() === '') return undefined;
  const kind = plainOf(field);
  if (kind instanceof z.ZodArray) return jsonOr(text);
  const read =
    kind instanceof z.ZodBoolean ? flag.safeParse(text) : kind instanceof z.ZodNumber ? number.safeParse(text) : null;
  return read?.success === true ? read.data : text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function plainOf(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodPipe) return plainOf(field.in as z.ZodType);
  return field instanceof z.ZodOptional || field instanceof z.ZodDefault ? plainOf(field.unwrap() as z.ZodType) : field;
}

/** For the API document: a form has no booleans, only words. */
export const flagField = (byDefault: 'true' | 'false', description: string) =>
  optional(flag).meta({ description, enum: ['true', 'false'], default: byDefault });
