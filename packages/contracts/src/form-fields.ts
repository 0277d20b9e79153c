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

/** For the API document: a form has no booleans, only words. */
export const flagField = (byDefault: 'true' | 'false', description: string) =>
  optional(flag).meta({ description, enum: ['true', 'false'], default: byDefault });
