import type { Transcript } from '@sotto/contracts';
import { z } from 'zod';

export const usageSchema = z.object({ type: z.literal('duration'), seconds: z.int().min(0) });

export function usageOf({ durationMs }: Pick<Transcript, 'durationMs'>): z.infer<typeof usageSchema> {
  return { type: 'duration', seconds: Math.ceil(durationMs / 1000) };
}
