import { transcribeFormSchema } from '@sotto/contracts';
import { z } from 'zod';

const file = z
  .string()
  .meta({
    description: 'The recording. Required unless `url`, `upload_id` or `item_id` is given.',
    override: { type: 'string', format: 'binary' },
  })
  .optional();

const { url, ...options } = transcribeFormSchema.shape;

/** In the order people look for them: the documentation pages show fields in this order. */
export const transcribeBody = { 'multipart/form-data': z.strictObject({ file, url, ...options }) };
