import { z } from 'zod';
import { wireKeytermsSchema } from './keyterms.ts';
import { type FinalPass, wireFinalPassSchema } from './live-final-pass.ts';
import { type Endpointing, type LiveFormat, type LiveOptions, liveFormatSchema } from './live-options.ts';
import { languageCodeSchema, MAX_PROMPT_CHARACTERS } from './options.ts';

/** What clients of `WS /live` say in text messages, beside audio in binary ones. */

/** How long a pause may be in text that is plainly unfinished, in pauses of finished text. */
const PATIENCE = { high: 1, medium: 2, low: 4 } as const;
const DEFAULT_FORMAT = { encoding: 'pcm_s16le', sample_rate: 16_000 } as const;
/** In WebM or Ogg, as browsers record it; the samples of such a session are those that are decoded. */
const OPUS = 'opus';

export const wireEndpointingSchema = z.strictObject({
  threshold: z.number().min(0).max(1).default(0.5).meta({ description: 'Speech is likelier than that.' }),
  prefix_ms: z
    .int()
    .min(0)
    .max(2_000)
    .default(300)
    .meta({ description: 'So much before its first sound belongs to speech.' }),
  silence_ms: z.int().min(50).max(10_000).default(500).meta({ description: 'So long a silence ends an utterance.' }),
  eagerness: z.enum(['low', 'medium', 'high']).default('high').meta({
    description: 'Below `high`, the silence lasts two or four times as long while the text is plainly unfinished.',
  }),
});

const options = {
  language: languageCodeSchema
    .nullable()
    .default(null)
    .meta({ description: 'ISO 639-1 code. null: that of each utterance is detected.' }),
  prompt: z
    .string()
    .max(MAX_PROMPT_CHARACTERS)
    .nullable()
    .default(null)
    .meta({ description: 'Text that the model takes for what was said before.' }),
  keyterms: wireKeytermsSchema.optional().meta({ description: 'Names and phrases that are expected.' }),
  endpointing: wireEndpointingSchema
    .nullable()
    .prefault({})
    .meta({ description: 'When an utterance ends by itself. null: only with `commit`.' }),
};

export const wireLiveStartSchema = z
  .strictObject({
    type: z.literal('start'),
    format: z
      .strictObject({
        encoding: z.enum([...liveFormatSchema.shape.encoding.options, OPUS]),
        sample_rate: liveFormatSchema.shape.sampleRate.default(DEFAULT_FORMAT.sample_rate),
      })
      .default(DEFAULT_FORMAT)
      .meta({
        description:
          'Mono. `mulaw` and `alaw` have one byte a sample. `opus`: in WebM or Ogg, as MediaRecorder gives it; samples are counted at 16 kHz.',
      }),
    model: z.string().nullable().default(null).meta({ description: 'null: the default of the service.' }),
    ...options,
    final_pass: wireFinalPassSchema,
  })
  .meta({ id: 'LiveStart' });

export const wireLiveResumeSchema = z
  .strictObject({
    type: z.literal('resume'),
    session_id: z.uuid(),
    last_event_id: z.string().max(40).nullable().default(null).meta({ description: 'null: all events come again.' }),
    encoding: z.literal(OPUS).optional().meta({ description: 'What follows is a new recording of this kind.' }),
  })
  .meta({ id: 'LiveResume' });

export const wireLiveUpdateSchema = z
  .strictObject({ type: z.literal('update'), ...options })
  .meta({ id: 'LiveUpdate' });

export const wireLiveCommandSchema = z
  .strictObject({ type: z.enum(['commit', 'clear', 'end']) })
  .meta({ id: 'LiveCommand' });

/** The first message of a client. */
export const wireLiveOpeningSchema = z.discriminatedUnion('type', [wireLiveStartSchema, wireLiveResumeSchema]);
export type WireLiveOpening = z.input<typeof wireLiveOpeningSchema>;
/** Its later ones. */
export const wireLiveMessageSchema = z.discriminatedUnion('type', [wireLiveUpdateSchema, wireLiveCommandSchema]);
export type WireLiveMessage = z.input<typeof wireLiveMessageSchema>;

type Start = z.output<typeof wireLiveStartSchema>;
type Options = Pick<Start, 'language' | 'prompt' | 'endpointing'> & { keyterms?: Start['keyterms'] | undefined };

/** Of the samples that the session gets. */
export function liveFormatOf({ format }: Start): LiveFormat {
  if (format.encoding === OPUS) return { encoding: DEFAULT_FORMAT.encoding, sampleRate: DEFAULT_FORMAT.sample_rate };
  return { encoding: format.encoding, sampleRate: format.sample_rate };
}

/**
 * The form of the job that is made of what was said. What it leaves open is as it was said of the session, but for the model:
 * that of a session must be quick. null: no job is wanted.
 */
export function finalPassOf({ final_pass: form, language, prompt, keyterms = [] }: Start): FinalPass | null {
  if (form === null) return null;
  return {
    ...(language !== null && { language }),
    ...(prompt !== null && { prompt }),
    ...(keyterms.length > 0 && { keyterms: [...keyterms] }),
    ...form,
    async: true,
  };
}

/** Whether the client sends a recording, whose samples are still to be decoded. */
export function sendsOpus(opening: z.output<typeof wireLiveOpeningSchema>): boolean {
  return (opening.type === 'start' ? opening.format.encoding : opening.encoding) === OPUS;
}

export function liveOptionsOf(
  { language, prompt, keyterms = [], endpointing }: Options,
  model: string | null,
): LiveOptions {
  return {
    language,
    model,
    prompt,
    ...(keyterms.length > 0 && { keyterms }),
    endpointing: endpointing === null ? null : endpointingOf(endpointing),
  };
}

function endpointingOf({
  threshold,
  prefix_ms,
  silence_ms,
  eagerness,
}: z.output<typeof wireEndpointingSchema>): Endpointing {
  return { threshold, prefixMs: prefix_ms, silenceMs: silence_ms, patience: PATIENCE[eagerness] };
}
