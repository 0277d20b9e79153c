export const STATUSES = ['processing', 'completed', 'failed', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];

/** What is made of what was sent: kinds of runs, as clients see them. */
export const WORK_KINDS = ['transcription', 'language', 'voice', 'speech', 'matching'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** What a job may need that can be away for a while: it waits, and no attempt counts. */
export const WAIT_CAUSES = ['storage', 'disk', 'redis', 'model'] as const;
export type WaitCause = (typeof WAIT_CAUSES)[number];

export const STAGES = ['queued', 'preparing', 'transcribing', 'speaking', 'matching', 'assembling'] as const;
export type Stage = (typeof STAGES)[number];

/** An extra that failed can be asked for again; nothing else of its run is repeated. */
export const EXTRA_STATES = ['processing', 'completed', 'failed'] as const;
export type ExtraState = (typeof EXTRA_STATES)[number];

/** Interactive work (sync, or at most a minute of audio) goes before batch work. */
export const LANES = ['interactive', 'batch'] as const;
export type Lane = (typeof LANES)[number];
