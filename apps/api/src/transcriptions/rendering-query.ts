import {
  captionChoiceOf,
  captionFields,
  GRANULARITIES,
  RESPONSE_FORMATS,
  transcribeFormSchema,
} from '@sotto/contracts';
import type { Request } from 'express';
import { z } from 'zod';
import { parseQuery } from '../http/query.ts';
import type { RenderingChoice } from './rendering.ts';

/** How results that are there can be asked for. */
export const renderingQuery = {
  format: transcribeFormSchema.shape.response_format.meta({
    description: 'Nothing: that of the request.',
    enum: [...RESPONSE_FORMATS, 'txt'],
    default: undefined,
  }),
  timestamp_granularity: z.enum(GRANULARITIES).optional(),
  ...captionFields,
};

/** @throws SottoError `invalid_parameter`, `unknown_field` */
export function renderingChoiceOf(request: Request): Required<RenderingChoice> {
  const query = parseQuery(renderingQuery, request);
  const { format: responseFormat, timestamp_granularity: granularity } = query;
  return { responseFormat, granularity, captions: captionChoiceOf(query) };
}
