import { SottoError, transcribeFormSchema } from '@sotto/contracts';
import { z } from 'zod';
import { parseTranscribeForm, type TranscribeOptions } from '../jobs/form.ts';

/** A batch is always asynchronous, and its recordings are many. */
const fields = transcribeFormSchema.omit({ async: true, cancel_on_disconnect: true, url: true });
const FIELDS = new Set([...Object.keys(fields.shape), 'url']);

export const isBatchField = (name: string): boolean => FIELDS.has(name);

const binary = { type: 'string', format: 'binary' } as const;
const address = { type: 'string', format: 'uri' } as const;

export const batchBody = {
  'multipart/form-data': fields.extend({
    file: z
      .array(z.string())
      .optional()
      .meta({ description: 'The recordings: one part each.', override: { type: 'array', items: binary } }),
    url: z
      .array(z.string())
      .optional()
      .meta({ description: 'Where others are: one part each.', override: { type: 'array', items: address } }),
  }),
};

export interface BatchForm {
  options: TranscribeOptions;
  urls: URL[];
}

/** @throws SottoError `invalid_parameter`, `unknown_field`. */
export function readBatchForm({ url = [], ...rest }: Record<string, unknown>): BatchForm {
  const options = parseTranscribeForm({ ...rest, async: 'true' });
  const texts = (Array.isArray(url) ? url : [url]).map(String).filter((text) => text.trim() !== '');
  return { options, urls: texts.map(addressOf) };
}

function addressOf(text: string): URL {
  const parsed = transcribeFormSchema.shape.url.safeParse(text);
  if (parsed.success && parsed.data !== undefined) return new URL(parsed.data);
  const problem = 'must be an http or https address';
  throw new SottoError('invalid_parameter', `url: ${problem}`, { fields: { parameters: [{ field: 'url', problem }] } });
}
