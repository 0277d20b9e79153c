import { z } from 'zod';
import { speakerNameSchema } from './options.ts';
import { ALL_VOICES } from './speakers.ts';
import { toIso } from './units.ts';
import type { WireVoice } from './wire-voices.ts';

/** Speech that a sample must have, so that a voice is known by it; the sample may be longer by its pauses. */
export const LEAST_SAMPLE_SPEECH_MS = 5_000;
export const LONGEST_SAMPLE_MS = 120_000;
export const MAX_CONSENT_CHARACTERS = 500;

/** How a voice sounds: plain numbers, from which nothing that was said can be made again. Only workers read it. */
export const voiceprintSchema = z.object({
  /** The model that heard it: voices of different models cannot be compared. */
  model: z.string(),
  /** 256 float32, little-endian, in base64. */
  embedding: z.base64(),
});
export type Voiceprint = z.infer<typeof voiceprintSchema>;

/** Options of a run of kind `voice`: what a sample must be like. */
export const voiceOptionsSchema = z.object({
  leastSpeechMs: z.int().min(0),
  /** Of the whole sample. */
  longestMs: z.int().min(1),
  /** Whoever is heard may not be clearly somebody else. */
  like: voiceprintSchema.optional(),
});
export type VoiceOptions = z.infer<typeof voiceOptionsSchema>;

/** The result of a run of kind `voice`. */
export const voiceResultSchema = z.object({
  ...voiceprintSchema.shape,
  /** Of the sample, without its pauses. */
  speechMs: z.int().min(0),
});
export type VoiceResult = z.infer<typeof voiceResultSchema>;

const consent = z
  .string({ error: 'is required' })
  .trim()
  .min(1, 'is required')
  .max(MAX_CONSENT_CHARACTERS)
  .meta({ description: 'How and when the person agreed to be recognized: `signed form of 2026-11-20`.' });

/** The text fields of `POST /voices/speakers`. */
export const voiceFormSchema = z.strictObject({
  name: z
    .string({ error: 'is required' })
    .trim()
    .pipe(speakerNameSchema)
    .refine((name) => name.toLowerCase() !== ALL_VOICES, 'stands for all of them')
    .meta({ description: 'Of the person; each of a key only once, whatever its case.' }),
  consent,
});
export type VoiceForm = z.infer<typeof voiceFormSchema>;

/** A voice as its owner sees it: without the voice itself. */
export function toWireVoice(voice: {
  id: string;
  name: string;
  consent: string;
  createdAtMs: number;
  speechMs: number;
  model: string;
}): WireVoice {
  const { id, name, consent, createdAtMs, speechMs, model } = voice;
  return { id, name, consent, created_at: toIso(createdAtMs), seconds: speechMs / 1000, model };
}
