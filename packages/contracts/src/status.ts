export const STATUSES = ['processing', 'completed', 'failed', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];

export const STAGES = ['queued', 'preparing', 'transcribing', 'assembling'] as const;
export type Stage = (typeof STAGES)[number];
