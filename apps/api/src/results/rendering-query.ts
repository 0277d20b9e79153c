import {
  captionChoiceOf,
  captionFields,
  GRANULARITIES,
  RESPONSE_FORMATS,
  SPEECH_FORMATS,
  type SpeechFormat,
  speakerNameField,
  transcribeFormSchema,
  wordingChoiceOf,
  wordingFields,
} from '@sotto/contracts';
import { z } from 'zod';
import { invalidParameter } from '../http/invalid-parameter.ts';
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

const VIDEO = 'video';
const ALL_FORMATS = [...RESPONSE_FORMATS, ...SPEECH_FORMATS, VIDEO] as const;

/** The same of any job: one that has spoken has sound, too. */
export const resultQuery = renderingQuery.extend({
  format: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.trim().toLowerCase().replace(/^txt$/, 'text') || undefined : value),
      z.enum(ALL_FORMATS).optional(),
    )
    .meta({ description: 'Empty: the format of the request.', enum: [...ALL_FORMATS, 'txt'] }),
});

type AnyFormat = (typeof ALL_FORMATS)[number];

export const isVideo = (format: AnyFormat): format is typeof VIDEO => format === VIDEO;

export const isSound = (format: AnyFormat): format is SpeechFormat => SPEECH_FORMATS.some((known) => known === format);

/** @throws SottoError `invalid_parameter` for a format of sound */
export function transcriptChoiceOf({ format, ...query }: z.output<typeof resultQuery>): Required<RenderingChoice> {
  if (format === undefined) return renderingChoiceOf({ ...query, format });
  if (isVideo(format)) throw invalidParameter('format', 'this job was not to make a video');
  if (isSound(format)) throw invalidParameter('format', `${format} is sound, which this job was not to make`);
  return renderingChoiceOf({ ...query, format });
}
