import { MAX_SPEED, MIN_SPEED, type OfferedVoice, SottoError } from '@sotto/contracts';
import { MAX_PIECE_CHARACTERS, type SpokenPiece } from './engine.ts';

/** Whether there is anything to say: marks and spaces alone are silence, and engines make breath of them. */
export const hasSpeech = (text: string): boolean => /[\p{L}\p{N}\p{S}]/u.test(text);

/** Text that engines take as text: no control characters, and none of espeak's phonemes in `[[...]]`. */
export const plainText = (text: string): string => text.replace(/\p{Cc}/gu, ' ').replaceAll('[[', '[ [');

/**
 * Whether an engine can be given this piece: what one does with a wrong voice or speed ranges from silence to another voice.
 * @throws SottoError as `SpeechEngine.speak` does
 */
export function checkPiece({ text, voice, language, speed }: SpokenPiece, known: OfferedVoice | undefined): void {
  if (known === undefined) throw new SottoError('invalid_parameter', `There is no voice "${voice}".`);
  if (!known.languages.includes(language)) {
    throw new SottoError('language_not_supported', `The voice ${voice} does not speak "${language}".`);
  }
  if (!(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
    throw new SottoError('invalid_parameter', `speed must be between ${MIN_SPEED} and ${MAX_SPEED}.`);
  }
  if (text.length > MAX_PIECE_CHARACTERS) {
    const length = `${text.length} characters, at most ${MAX_PIECE_CHARACTERS} are possible`;
    throw new SottoError('invalid_parameter', `A piece to be spoken has ${length}.`);
  }
}
