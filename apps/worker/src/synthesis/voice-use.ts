import { isOwnVoice, type PieceResult } from '@sotto/contracts';
import type { SpeechPlan, VoiceUse } from '@sotto/queue';

/**
 * How much of a text each voice has spoken. Its characters, which are counted as they were written, are divided among
 * voices by what is said in their pieces.
 */
export function voiceUseOf(
  { pieces, characters }: Pick<SpeechPlan, 'pieces' | 'characters'>,
  results: readonly Pick<PieceResult, 'index' | 'durationMs'>[],
): VoiceUse[] {
  const voices = new Map<string, { said: number; audioMs: number }>();
  for (const { index, durationMs } of results) {
    const piece = pieces[index];
    if (piece === undefined) continue;
    const { said, audioMs } = voices.get(piece.voice) ?? { said: 0, audioMs: 0 };
    voices.set(piece.voice, { said: said + piece.spoken.length, audioMs: audioMs + durationMs });
  }
  const all = [...voices.values()].reduce((sum, { said }) => sum + said, 0);
  let before = 0;
  let counted = 0;
  return [...voices].map(([voice, { said, audioMs }]) => {
    before += said;
    const upToHere = all === 0 ? characters : Math.round((characters * before) / all);
    const share = upToHere - counted;
    counted = upToHere;
    return { voice, kind: kindOf(voice), characters: share, audioMs };
  });
}

/** Engines name blends so; see `blendId` of @sotto/voices. */
function kindOf(voice: string): VoiceUse['kind'] {
  if (isOwnVoice(voice)) return 'own';
  return voice.includes('+') ? 'blend' : 'stock';
}
