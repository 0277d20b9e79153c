import {
  captionChoiceOf,
  captionFields,
  GRANULARITIES,
  RESPONSE_FORMATS,
  speakerNameField,
  transcribeFormSchema,
  wordingChoiceOf,
  wordingFields,
} from '@sotto/contracts';
import { z } from 'zod';
import type { RenderingChoice } from './formats.ts';

/** How an existing result can be requested. */
export const renderingQuery = z.strictObject({
  format: transcribeFormSchema.shape.response_format.meta({
    description: 'Empty: the format of the request.',
    enum: [...RESPONSE_FORMATS, 'txt'],
    default: undefined,
  }),
  timestamp_granularity: z.enum(GRANULARITIES).optional(),
  ...captionFields,
  ...wordingFields,
  speaker_names: speakerNameField,
});

export function renderingChoiceOf(query: z.output<typeof renderingQuery>): Required<RenderingChoice> {
  const { format: responseFormat, timestamp_granularity: granularity, speaker_names: speakerNames } = query;
  const [captions, wording] = [captionChoiceOf(query), wordingChoiceOf(query)];
  return { responseFormat, granularity, captions, wording, speakerNames };
}
