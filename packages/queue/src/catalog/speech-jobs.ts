import { spokenWithSchema, textPieceSchema, WORD_TIMES_EXTRA, WORDS_ESTIMATED } from '@sotto/contracts';
import { z } from 'zod';
import { runId, WORK_TRIES } from './tries.ts';

const MINUTE_MS = 60_000;

/** Pieces of a text whose words one job finds. */
export const MAX_WORD_PIECES = 16;

/** Jobs of runs of kind `speech`; a part of JOB_CATALOG. */
export const SPEECH_JOBS = {
  /** Drives a run of kind `speech`: reads the text, adds a job for each piece of it, and joins what they speak. */
  speak: {
    queue: 'speeches',
    ofRun: 'driver',
    payload: z.strictObject({ runId }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 60 * MINUTE_MS,
    failureCode: 'speech_failed',
    onFailure: 'fail_run',
  },
  /** Speaks one piece of a text and stores its checkpoint. */
  piece: {
    queue: 'pieces',
    ofRun: 'child',
    payload: z.strictObject({
      runId,
      index: z.int().min(0),
      ...textPieceSchema.shape,
      /** A worker without it leaves the piece to others. */
      engine: spokenWithSchema,
      /** When its words are heard is asked for. */
      wordTimes: z.literal(true).optional(),
      /** Of a text that has not named its engine's voice: where that does not speak, another may. */
      mayReplace: z.literal(true).optional(),
    }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 5 * MINUTE_MS,
    failureCode: 'speech_failed',
    onFailure: 'fail_run',
    mayBePoison: true,
  },
  /** Finds when the words of some pieces of a text are heard: what has been spoken does not depend on it. */
  [WORD_TIMES_EXTRA]: {
    queue: 'windows',
    ofRun: 'child',
    payload: z.strictObject({ runId, pieces: z.array(z.int().min(0)).min(1).max(MAX_WORD_PIECES) }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 15 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: { warn: WORDS_ESTIMATED },
    mayBePoison: true,
  },
  /** Drives a run of kind `matching`: looks for the sum of an engine's voices that is most like a sample, step by step. */
  'match-voice': {
    queue: 'voice-matches',
    ofRun: 'driver',
    payload: z.strictObject({ runId }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 120 * MINUTE_MS,
    failureCode: 'speech_failed',
    onFailure: 'fail_run',
    mayBePoison: true,
  },
} as const;
