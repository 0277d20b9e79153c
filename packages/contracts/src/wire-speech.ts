import * as z from 'zod';
import { wireWarningSchema } from './wire-transcript.ts';

const seconds = z.number().min(0);
const uses = z.int().min(0).optional().meta({
  description: 'Texts of the last 30 days in which it was heard: those of the caller, for operators of all keys.',
});

/** A voice that texts can be spoken with. */
export const wireSpokenVoiceSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /** BCP 47, the voice's own first. */
    languages: z.array(z.string()),
    gender: z.enum(['female', 'male']).nullable(),
    quality: z.enum(['high', 'medium', 'low']),
    kind: z.string().meta({ enum: ['stock', 'blend', 'matched'] }),
    licence: z.string(),
    engine: z.string(),
    model: z.string(),
    /** Address of a short sentence to listen to; `?language=` for another of its languages. Absent: the service has none. */
    sample: z.string().optional(),
    /** Of a matched one, with its sample: the cosine of their embeddings, on a sentence that it was not fitted to. */
    similarity: z.number().min(-1).max(1).optional(),
    uses,
  })
  .meta({ id: 'SpokenVoice' });
export type WireSpokenVoice = z.infer<typeof wireSpokenVoiceSchema>;

/** A voice that a key has made of a sample, as its owner sees it. */
export const wireOwnVoiceSchema = z
  .object({
    /** `voice_...`: what texts ask for. */
    id: z.string(),
    name: z.string(),
    kind: z.string().meta({ enum: ['matched'] }),
    status: z.string().meta({ enum: ['processing', 'ready', 'failed'] }),
    /** Percent, while it is being made. */
    progress: z.int().min(0).max(100).optional(),
    created_at: z.iso.datetime(),
    /** Id of the consent. */
    consent: z.string(),
    /** That makes it. */
    job_id: z.uuid(),
    /** With the sample: the cosine of their embeddings, on a sentence that the voice was not fitted to. */
    similarity: z.number().min(-1).max(1).optional(),
    /** The engine's voice that was nearest, measured in the same way. */
    nearest: z.object({ voice: z.string(), similarity: z.number().min(-1).max(1) }).optional(),
    engine: z.string().optional(),
    /** BCP 47: what it speaks if nothing else is asked for. */
    language: z.string().optional(),
    /** Why it failed. */
    error: z.string().optional(),
    detail: z.string().optional(),
    /** Absent where one voice is asked for. */
    uses,
  })
  .meta({ id: 'OwnVoice' });
export type WireOwnVoice = z.infer<typeof wireOwnVoiceSchema>;

/** `GET /voices`: best first. */
export const wireSpokenVoiceListSchema = z
  .object({
    voices: z.array(wireSpokenVoiceSchema),
    /** What this key has made of samples, ready or not. */
    own: z.array(wireOwnVoiceSchema).optional(),
  })
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
    /** What it was dubbed into: `format=video`. Absent: only sound was asked for. */
    video: z.object({ bytes: z.int().min(0), media_type: z.string() }).optional(),
    processing_time: seconds,
    warnings: z.array(wireWarningSchema),
  })
  .meta({ id: 'Speech' });
export type WireSpeech = z.infer<typeof wireSpeechSchema>;
