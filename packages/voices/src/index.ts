export { type BlendPart, blendId, parseBlend } from './blend.ts';
export { downloadBytes, RUNTIME_LICENCE, VOICES_CATALOG, type VoicesEntry } from './catalog/catalog.ts';
export { type InstallVoicesOptions, installVoices, removeVoices, voicesEntry } from './catalog/install-voices.ts';
export {
  type EngineVoice,
  MAX_PIECE_CHARACTERS,
  MAX_PIECE_MS,
  MAX_SPEED,
  MIN_SPEED,
  type SpeechEngine,
  type SpokenPiece,
} from './engine.ts';
export { EspeakEngine, type EspeakOptions } from './espeak/espeak-engine.ts';
export { voicesFolder } from './install/places.ts';
export { languageMeant } from './languages.ts';
export { type Engines, type OpenEnginesOptions, openEngines } from './open-engines.ts';
export { OPENAI_VOICES } from './openai-names.ts';
export { type AskedVoice, offerOf, type ResolvedVoice, resolveVoice, type SpeechOffer } from './resolve-voice.ts';
