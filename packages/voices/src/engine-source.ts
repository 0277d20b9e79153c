import type { SpeechEngine } from './engine.ts';

/** Something that may be installed, and then speaks. */
export interface EngineSource {
  /** Changes when it is installed, replaced or removed; cheap. Never rejects. */
  mark(): Promise<string>;
  /** null: it is not installed. @throws SottoError why it cannot be used */
  open(): Promise<SpeechEngine | null>;
}
