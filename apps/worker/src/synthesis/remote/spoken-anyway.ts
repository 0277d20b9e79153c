import { AUTO_VOICE, SottoError, type SpokenWith } from '@sotto/contracts';
import type { PiecePayload } from '@sotto/queue';
import { type ResolvedVoice, resolveVoice, type SpokenPiece } from '@sotto/voices';
import { resampled } from '../../media/resampled.ts';
import { spokenInSlot } from '../dub/spoken-in-slot.ts';
import type { SpokenOnceDeps } from '../kept/spoken-once.ts';
import type { Spoken, VoiceBox } from '../voice-box.ts';

export interface SpokenAnywayDeps extends SpokenOnceDeps {
  voiceBox: Pick<VoiceBox, 'speak' | 'saysTheSame' | 'engines'>;
}

export interface SpokenPieceSound extends Spoken {
  isKept: boolean;
  spokenBy: SpokenWith;
  /** Another engine was to speak it. */
  isReplaced: boolean;
}

type AskedPiece = PiecePayload & Pick<SpokenPiece, 'mix'>;

/**
 * Speaks a piece. One of a text that has not named another server's voice is spoken by this machine's best where that server does not speak
 * it, at the rate that the text's sound has.
 *
 * @throws as `spokenInSlot` does: of the other server where nothing here speaks the language either
 */
export async function spokenAnyway(
  { mayReplace, ...piece }: AskedPiece,
  deps: SpokenAnywayDeps,
  signal: AbortSignal,
): Promise<SpokenPieceSound> {
  try {
    return { ...(await spokenInSlot(piece, deps, signal)), spokenBy: piece.engine, isReplaced: false };
  } catch (error) {
    signal.throwIfAborted();
    const here = mayReplace === true && isSilence(error) ? bestHere(piece.language, deps.voiceBox) : null;
    if (here === null) throw error;
    return await spokenHere(piece, here, deps, signal);
  }
}

const isSilence = (error: unknown): boolean =>
  error instanceof SottoError && (error.code === 'speech_unavailable' || error.code === 'speech_failed');

function bestHere(language: string, { engines }: Pick<VoiceBox, 'engines'>): ResolvedVoice | null {
  try {
    const offers = engines.offers().filter(({ remote }) => remote === undefined);
    return resolveVoice({ voice: AUTO_VOICE, language }, offers);
  } catch (error) {
    if (error instanceof SottoError) return null;
    throw error;
  }
}

async function spokenHere(
  piece: AskedPiece,
  { engine: name, voice, language }: ResolvedVoice,
  deps: SpokenAnywayDeps,
  signal: AbortSignal,
): Promise<SpokenPieceSound> {
  const { engines } = deps.voiceBox;
  const { model, digest } = engines.engine(name);
  const { sampleRateHz } = engines.engine(piece.engine.name);
  const spokenBy = { name, model, digest };
  const spoken = await spokenInSlot({ ...piece, engine: spokenBy, voice, language }, deps, signal);
  const samples = resampled(spoken.samples, spoken.sampleRateHz, sampleRateHz);
  return { ...spoken, samples, sampleRateHz, spokenBy, isReplaced: true };
}
