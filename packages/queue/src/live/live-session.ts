import {
  LIVE_ENDS,
  type LiveCheckpoint,
  type LiveEnd,
  type LiveEnded,
  type LiveFormat,
  type LiveOptions,
  liveCheckpointSchema,
  liveEventSchema,
  liveFormatSchema,
  liveOptionsSchema,
} from '@sotto/contracts';
import { z } from 'zod';
import type { Hash } from '../redis/hash.ts';
import { type LiveRecording, liveRecordingSchema } from './live-recording.ts';

/**
 * Somebody speaks, and the text is told while they do. open -> closed (no more audio comes) -> over; one that is recorded:
 * open -> closed -> heard (all of it is stored) -> over.
 */
export interface LiveSession {
  id: string;
  keyId: string | null;
  format: LiveFormat;
  options: LiveOptions;
  /** How often the options have changed. */
  revision: number;
  createdAtMs: number;
  /** When audio last came, or its client showed that it is there. */
  seenAtMs: number;
  /** Samples that have arrived, at the rate of its format. */
  received: number;
  /** Why no more audio comes; null: it may. */
  closedBy: LiveEnd | null;
  /** null: nothing was told yet. */
  checkpoint: LiveCheckpoint | null;
  /** How often something was told. */
  turn: number;
  /** How often somebody has begun to hear it since something was last told. */
  claims: number;
  /** What becomes of its recording; null: it is not stored. */
  recording: LiveRecording | null;
  /** Its last event, which is told when the recording is a job; null: not yet, or there is no recording. */
  ended: LiveEnded | null;
  isOver: boolean;
}

/** Where a worker goes on that hears it from now on. */
export interface ClaimedSession extends LiveSession {
  /** Of its recording, so much is stored. */
  storedBytes: number;
}

const json = <T>(schema: z.ZodType<T>) => z.string().transform((text) => schema.parse(JSON.parse(text)));

const storedSchema = z.object({
  id: z.string(),
  keyId: z.string().transform((id) => (id === '' ? null : id)),
  format: json(liveFormatSchema),
  options: json(liveOptionsSchema),
  revision: z.coerce.number().default(0),
  createdAtMs: z.coerce.number(),
  seenAtMs: z.coerce.number(),
  received: z.coerce.number(),
  closedBy: z.enum(LIVE_ENDS).nullable().default(null),
  checkpoint: json(liveCheckpointSchema).nullable().default(null),
  turn: z.coerce.number().default(0),
  claims: z.coerce.number().default(0),
  recording: json(liveRecordingSchema).nullable().default(null),
  ended: json(liveEventSchema)
    .transform((event) => (event.type === 'ended' ? event : null))
    .nullable()
    .default(null),
  isOver: z
    .string()
    .optional()
    .transform((flag) => flag !== undefined),
});

export type NewLiveSession = Pick<LiveSession, 'id' | 'keyId' | 'format' | 'options' | 'recording'> & {
  holder: string;
};

export function fieldsOfNew(
  { id, keyId, format, options, recording, holder }: NewLiveSession,
  nowMs: number,
): string[] {
  const fields = {
    id,
    keyId: keyId ?? '',
    format: JSON.stringify(format),
    options: JSON.stringify(options),
    createdAtMs: nowMs,
    seenAtMs: nowMs,
    received: 0,
    holder,
    ...(recording !== null && { recording: JSON.stringify(recording) }),
  };
  return Object.entries(fields).flat().map(String);
}

/** null: there is none, or only a newer build can read it. */
export function liveSessionOf(hash: Hash): LiveSession | null {
  try {
    const parsed = storedSchema.safeParse(hash);
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
