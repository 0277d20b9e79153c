import { z } from 'zod';
import { keytermSchema, MAX_KEYTERMS } from './keyterms.ts';
import { languageCodeSchema, MAX_PROMPT_CHARACTERS } from './options.ts';

/** When an utterance ends by itself. Defaults are those of OpenAI's `server_vad`. */
export const endpointingSchema = z.object({
  /** 0-1; speech is likelier than that. */
  threshold: z.number().min(0).max(1).default(0.5),
  /** So much before the first sound of speech belongs to it. */
  prefixMs: z.int().min(0).max(2_000).default(300),
  silenceMs: z.int().min(50).max(10_000).default(500),
  /** By so much the silence is multiplied where the text is plainly unfinished. */
  patience: z.number().min(1).max(8).default(1),
});
export type Endpointing = z.infer<typeof endpointingSchema>;

/** How the samples of a live session arrive: mono, one or two bytes each, little endian. */
export const LIVE_ENCODINGS = { pcm_s16le: 2, mulaw: 1, alaw: 1 } as const;
export type LiveEncoding = keyof typeof LIVE_ENCODINGS;
export const LIVE_RATES = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;

export const liveFormatSchema = z.object({
  encoding: z.enum(Object.keys(LIVE_ENCODINGS) as [LiveEncoding, ...LiveEncoding[]]),
  /** Hz. */
  sampleRate: z.union(LIVE_RATES.map((rate) => z.literal(rate))),
});
export type LiveFormat = z.infer<typeof liveFormatSchema>;

/** What is asked of a live session; it may change while the session lasts. */
export const liveOptionsSchema = z.object({
  /** null: each utterance's is detected. */
  language: languageCodeSchema.nullable(),
  /** null: the service's default. */
  model: z.string().nullable(),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS).nullable(),
  keyterms: z.array(keytermSchema).min(1).max(MAX_KEYTERMS).optional(),
  /** null: utterances end when the client says so. */
  endpointing: endpointingSchema.nullable(),
});
export type LiveOptions = z.infer<typeof liveOptionsSchema>;
