import { MAX_CHANNELS, spanSchema, warningSchema, windowSchema } from '@sotto/contracts';
import { z } from 'zod';

export const spokenSpanSchema = spanSchema.extend({ channel: windowSchema.shape.channel });
/** Speech, and in which channel it is; without one, the recording is one. */
export type SpokenSpan = z.infer<typeof spokenSpanSchema>;

/**
 * Checkpoint of preparing: where the decoded audio is and how it is divided. Stored once per run, first writer wins.
 */
export const planSchema = z.object({
  /** Of its first channel, where channels are transcribed by themselves. */
  audioKey: z.string(),
  /** How many are transcribed by themselves; absent: the recording is one. */
  channels: z.int().min(1).max(MAX_CHANNELS).optional(),
  /** The model of all its windows: a request's `null` is resolved once, so that they agree. */
  model: z.string().optional(),
  durationMs: z.int().min(0),
  /** Audio inside windows. */
  speechMs: z.int().min(0),
  /** By their start, those of all channels. */
  windows: z.array(windowSchema),
  /** Where speech was detected, without padding, and in which channel; absent: detection was off. */
  speech: z.array(spokenSpanSchema).optional(),
  warnings: z.array(warningSchema),
});
export type Plan = z.infer<typeof planSchema>;
