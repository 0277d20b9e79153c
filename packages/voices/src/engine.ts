import type { OfferedVoice, SpeechOffer, VoiceMix } from '@sotto/contracts';

/** What is spoken in one go: a clause or a sentence, already written as it is said. */
export interface SpokenPiece {
  /** At most `MAX_PIECE_CHARACTERS`. Without a letter, digit or symbol there is nothing to say, and the audio is empty. */
  text: string;
  /** Id of one of the engine's voices, or a blend of them (`af_bella(2)+af_sky(1)`) where the engine has blends. */
  voice: string;
  /** What `voice` is made of where it is none of the engine's, but a name for a sum of them. A name never changes what it stands for. */
  mix?: VoiceMix | undefined;
  /** One of the voice's languages, as `resolveVoice` gives it. */
  language: string;
  /** 1 is the voice's own pace; `MIN_SPEED` to `MAX_SPEED`, where an engine may stop short of the ends. */
  speed: number;
}

/** Some 30 s of speech, and twice what pieces should have. */
export const MAX_PIECE_CHARACTERS = 500;
/** Of speech from one piece: more is a fault of the engine, or text that was made to be long when spoken. */
export const MAX_PIECE_MS = 10 * 60_000;

/** One loaded engine. Every implementation passes `speechEngineContract` (test/speech-engine-contract.ts). */
export interface SpeechEngine {
  readonly name: string;
  readonly model: string;
  /** Of everything that decides how a piece sounds; the same digest, piece and `isDeterministic` mean the same samples. */
  readonly digest: string;
  readonly sampleRateHz: number;
  readonly isDeterministic: boolean;
  /** Whether sums of its voices are voices too. */
  readonly canBlend: boolean;
  /** Seconds of speech made per second on one quiet core, rounded down: what text may be cut by before anything was measured. */
  readonly usualRtfx: number;
  /** Of speech that one piece should be, as its memory grows with its longest one. Infinity: as long as pieces are. */
  readonly longestSeconds: number;
  /** It speaks on another server, which gets the text. */
  readonly remote?: SpeechOffer['remote'];
  /** What an operator should know of it now, in a sentence. */
  readonly warning?: string | null;
  /** Of the process that speaks, where one stays and is there: for whoever looks at its memory. */
  readonly pid?: number | undefined;
  /** The same voices as long as the engine is open. */
  voices(): readonly OfferedVoice[];
  /**
   * Speaks one piece. Any number may be asked for at once; one machine speaks them one after the other.
   * @returns mono samples without the silence around them (40 ms stay); empty when there was nothing to say
   * @throws SottoError `invalid_parameter` (text too long, speed, voice), `language_not_supported`, `speech_failed`,
   *   `speech_unavailable` (another server does not speak now); the signal's reason
   */
  speak(piece: SpokenPiece, signal: AbortSignal): Promise<Int16Array>;
  /** Ends what is being spoken; nothing of the engine is left afterwards. */
  close(): Promise<void>;
}
