import { transcribeFormSchema, wireTranscriptSchema, wireVerboseTranscriptSchema } from '@sotto/contracts';
import { FORMATS } from '@sotto/transcript';
import { z } from 'zod';
import type { Answer } from '../http/description.ts';

/** A transcript in any of its shapes. */
export const transcriptAnswers: Answer = {
  description: 'The transcript in the requested format.',
  content: {
    ...Object.fromEntries(Object.values(FORMATS).map(({ contentType }) => [contentType.replace(/;.*/, ''), null])),
    'application/json': z.union([wireTranscriptSchema, wireVerboseTranscriptSchema]),
  },
};

const file = z
  .string()
  .meta({
    description: 'The recording. Required unless `url` or `upload_id` is given.',
    override: { type: 'string', format: 'binary' },
  })
  .optional();

const { url, ...options } = transcribeFormSchema.shape;

/** In the order people look for them: the documentation pages show fields in this order. */
export const transcribeBody = { 'multipart/form-data': z.strictObject({ file, url, ...options }) };
