import * as z from 'zod';
import { wireWarningSchema } from './wire-transcript.ts';

const seconds = z.number().min(0);

/** A voice that texts can be spoken with. */
export const wireSpokenVoiceSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /** BCP 47, the voice's own first. */
    languages: z.array(z.string()),
    gender: z.enum(['female', 'male']).nullable(),
    quality: z.enum(['high', 'medium', 'low']),
    kind: z.string().meta({ enum: ['stock', 'blend'] }),
    licence: z.string(),
    engine: z.string(),
    model: z.string(),
    /** Address of a short sentence to listen to; `?language=` for another of its languages. Absent: the service has none. */
    sample: z.string().optional(),
  })
  .meta({ id: 'SpokenVoice' });
export type WireSpokenVoice = z.infer<typeof wireSpokenVoiceSchema>;

/** `GET /voices`: best first. */
export const wireSpokenVoiceListSchema = z
  .object({ voices: z.array(wireSpokenVoiceSchema) })
  .meta({ id: 'SpokenVoiceList' });
export type WireSpokenVoiceList = z.infer<typeof wireSpokenVoiceListSchema>;

/** A word as it was written. */
export const wireSpokenWordSchema = z
  .object({ word: z.string(), start: seconds, end: seconds })
  .meta({ id: 'SpokenWord' });
export type WireSpokenWord = z.infer<typeof wireSpokenWordSchema>;

/** What was spoken, and when: `GET /jobs/{id}/result?format=json` of a job that speaks. */
export const wireSpeechSchema = z
  .object({
    engine: z.string(),
    model: z.string(),
    voice: z.string(),
    language: z.string(),
    duration: seconds,
    characters: z.int().min(0),
    sample_rate: z.int().min(1),
    /** In order, as the text was written. */
    pieces: z.array(z.object({ start: seconds, end: seconds, text: z.string() })),
    /** Absent unless they were asked for. */
    words: z.array(wireSpokenWordSchema).optional(),
    chapters: z.array(z.object({ title: z.string(), start: seconds })),
    processing_time: seconds,
    warnings: z.array(wireWarningSchema),
  })
  .meta({ id: 'Speech' });
export type WireSpeech = z.infer<typeof wireSpeechSchema>;
