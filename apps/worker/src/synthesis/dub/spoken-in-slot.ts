import { MAX_SPEED, MIN_SPEED } from '@sotto/contracts';
import type { PiecePayload } from '@sotto/queue';
import type { SpokenPiece } from '@sotto/voices';
import { type SpokenOnceDeps, spokenOnce } from '../kept/spoken-once.ts';
import { fittingSpeed } from './slots.ts';

/** Speaks a piece, and once more where that fits its slot better. @throws as `spokenOnce` does */
export async function spokenInSlot(
  { slot, ...piece }: PiecePayload & Pick<SpokenPiece, 'mix'>,
  deps: SpokenOnceDeps,
  signal: AbortSignal,
): ReturnType<typeof spokenOnce> {
  const first = await spokenOnce(piece, deps, signal);
  if (slot === undefined) return first;
  const faster = fittingSpeed((first.samples.length / first.sampleRateHz) * 1000, slot);
  if (faster === 1) return first;
  const speed = Math.min(MAX_SPEED, Math.max(MIN_SPEED, piece.speed * faster));
  const again = await spokenOnce({ ...piece, speed }, deps, signal);
  return { ...again, engineMs: first.engineMs + again.engineMs };
}
