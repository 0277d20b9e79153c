import { createHash } from 'node:crypto';
import type { PiecePayload, SpokenText } from '@sotto/queue';
import type { SpokenPiece } from '@sotto/voices';
import type { Spoken, VoiceBox } from '../voice-box.ts';
import type { PieceCache } from './piece-cache.ts';

export interface SpokenOnceDeps {
  spokenText: Pick<SpokenText, 'keptFor'>;
  voiceBox: Pick<VoiceBox, 'speak' | 'saysTheSame'>;
  pieceCache: PieceCache;
}

/**
 * A piece of a text, spoken now, or as it was before for the same key: a book in which one sentence has changed costs that
 * sentence.
 *
 * @throws as VoiceBox.speak does
 */
export async function spokenOnce(
  { runId, mix, ...piece }: PiecePayload & Pick<SpokenPiece, 'mix'>,
  { spokenText, voiceBox, pieceCache }: SpokenOnceDeps,
  signal: AbortSignal,
): Promise<Spoken & { isKept: boolean }> {
  const { spoken: text, voice, language, speed, engine } = piece;
  // What a key's own voice has said is gone with the voice.
  const isKeepable = pieceCache.isOpen && mix === undefined;
  const keptFor = isKeepable ? await spokenText.keptFor(runId) : 'nobody';
  const name = soundNameOf(piece);
  const kept = keptFor === 'nobody' ? null : await pieceCache.find(keptFor.keyId, name);
  signal.throwIfAborted();
  if (kept !== null) return { ...kept, engineMs: 0, isKept: true };
  const spoken = await voiceBox.speak({ text, voice, mix, language, speed }, engine, signal);
  if (keptFor !== 'nobody' && voiceBox.saysTheSame(engine)) await pieceCache.keep(keptFor.keyId, name, spoken);
  return { ...spoken, isKept: false };
}

/** Hash of all that decides how a piece sounds. */
function soundNameOf({
  engine,
  voice,
  language,
  speed,
  spoken,
}: Pick<PiecePayload, 'engine' | 'voice' | 'language' | 'speed' | 'spoken'>): string {
  const all = [engine.name, engine.model, engine.digest, voice, language, speed, spoken];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
