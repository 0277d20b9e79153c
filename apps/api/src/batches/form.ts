import { transcribeFormSchema } from '@sotto/contracts';
import { z } from 'zod';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { parseTranscribeForm, type TranscribeOptions } from '../transcriptions/form.ts';

/** A batch is always asynchronous and has many recordings. */
const fields = transcribeFormSchema.omit({
  async: true,
  cancel_on_disconnect: true,
  url: true,
  upload_id: true,
  item_id: true,
});
const FIELDS = new Set([...Object.keys(fields.shape), 'url', 'upload_id']);

export const isBatchField = (name: string): boolean => FIELDS.has(name) || name === 'keyterms[]';

const binary = { type: 'string', format: 'binary' } as const;
const address = { type: 'string', format: 'uri' } as const;

export const batchBody = {
  'multipart/form-data': fields.extend({
    file: z
      .array(z.string())
      .optional()
      .meta({ description: 'The recordings, one part each.', override: { type: 'array', items: binary } }),
    url: z
      .array(z.string())
      .optional()
      .meta({ description: 'Addresses of recordings, one part each.', override: { type: 'array', items: address } }),
    upload_id: z
      .array(z.string())
      .optional()
      .meta({
        description: 'Ids of finished resumable uploads (see /uploads), one part each.',
        override: { type: 'array', items: { type: 'string' } },
      }),
  }),
};

export interface BatchForm {
  options: TranscribeOptions;
  urls: URL[];
  uploadIds: string[];
}

/** @throws SottoError `invalid_parameter`, `unknown_field`. */
export function readBatchForm({ url, upload_id, ...rest }: Record<string, unknown>): BatchForm {
  const options = parseTranscribeForm({ ...rest, async: 'true' });
  return { options, urls: textsOf(url).map(addressOf), uploadIds: textsOf(upload_id) };
}

/** All values of a repeatable field; an empty one counts as absent. */
function textsOf(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value ?? ''];
  return all.map((each) => String(each).trim()).filter((text) => text !== '');
}

function addressOf(text: string): URL {
  const parsed = transcribeFormSchema.shape.url.safeParse(text);
  if (parsed.success && parsed.data !== undefined) return new URL(parsed.data);
  throw invalidParameter('url', 'must be an http or https address');
}
