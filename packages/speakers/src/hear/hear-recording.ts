import type { Networks } from '../networks.ts';
import { type HearOptions, hearPiece } from './hear-piece.ts';
import { type Heard, type HeardPiece, joinPieces } from './heard.ts';
import { PIECE_OPTIONS, type PieceOptions, planRecording } from './pieces.ts';

/** Hears a whole recording that is in memory, piece by piece. @param pcm 16 kHz mono, at least one sample */
export async function hearRecording(
  networks: Networks,
  pcm: Int16Array,
  options: HearOptions & Partial<PieceOptions>,
): Promise<Heard> {
  const plan = planRecording(pcm.length, { ...PIECE_OPTIONS, ...options });
  const pieces: HeardPiece[] = [];
  for (const piece of plan.pieces) {
    pieces.push(await hearPiece(networks, plan, piece, pcm.subarray(piece.startSample, piece.endSample), options));
  }
  return joinPieces(plan, pieces);
}
