import type { Run } from '@sotto/contracts';

/**
 * Until when the decoded audio of an ended run stays: for as long as it asks for, and at least for `keepMs`, during which
 * Redis may lose the end. null: the run has not ended.
 */
export function audioStaysUntilMs(
  { endedAtMs, options }: Pick<Run, 'endedAtMs' | 'options'>,
  keepMs: number,
): number | null {
  if (endedAtMs === null) return null;
  const askedMs = 'keepAudioSeconds' in options ? (options.keepAudioSeconds ?? 0) * 1000 : 0;
  return endedAtMs + Math.max(keepMs, askedMs);
}
