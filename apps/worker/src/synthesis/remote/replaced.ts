import type { PieceResult, SpeechOptions, SpokenWith, Warning } from '@sotto/contracts';
import { isRemoteVoice, REMOTE_ENGINE } from '@sotto/voices';

/** Whether pieces of a text may be spoken here where the other server does not: nobody has named its voice. */
export const mayReplace = ({ voice }: Pick<SpeechOptions, 'voice'>, engine: Pick<SpokenWith, 'name'>): boolean =>
  engine.name === REMOTE_ENGINE && !isRemoteVoice(voice);

/** What the client of a text is told whose pieces others spoke. */
export function replacedWarnings(results: readonly Pick<PieceResult, 'spokenBy'>[]): Warning[] {
  const others = results.flatMap(({ spokenBy }) => spokenBy ?? []);
  if (others.length === 0) return [];
  const who = [...new Set(others)].join(', ');
  const detail = `${others.length} of ${results.length} pieces were spoken by ${who}, since the other server did not speak them.`;
  return [{ code: 'voice_replaced', detail }];
}
