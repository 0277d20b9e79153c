import { createHash } from 'node:crypto';
import { type OfferedVoice, SottoError } from '@sotto/contracts';
import { withoutSilentEdges } from '../edges.ts';
import { MAX_PIECE_MS, type SpeechEngine, type SpokenPiece } from '../engine.ts';
import { checkPiece, hasSpeech, plainText } from '../piece.ts';
import { Turns } from '../turns.ts';
import { readWav } from '../wav.ts';
import { runEspeak } from './run-espeak.ts';
import { type EspeakVoice, espeakLanguages, espeakVoices } from './voice-list.ts';

export interface EspeakOptions {
  /** Default `espeak-ng`. */
  program?: string;
  signal?: AbortSignal;
}

/** At its usual pace; it takes no less than 80 words a minute and no more than 450, which are 0.46 and 2.6 times as fast. */
const WORDS_PER_MINUTE = 175;
const SAMPLE_RATE_HZ = 22_050;
const TIMEOUT_MS = 30_000;
const LIST_BYTES = 2 ** 20;

/**
 * The formant synthesiser espeak-ng: 130 languages, small, always intelligible, never pretty. A program of its own for each
 * piece, so it costs nothing while nobody speaks and its GPL does not concern the rest.
 */
export class EspeakEngine implements SpeechEngine {
  readonly name = 'espeak';
  readonly model = 'espeak-ng';
  readonly digest: string;
  readonly sampleRateHz = SAMPLE_RATE_HZ;
  readonly isDeterministic = true;
  readonly canBlend = false;
  readonly usualRtfx = 50;
  readonly longestSeconds = Number.POSITIVE_INFINITY;
  readonly #program: string;
  readonly #codes: Map<string, string>;
  readonly #voices: EspeakVoice[];
  readonly #closed = new AbortController();
  readonly #turns = new Turns();

  private constructor(program: string, version: string, codes: Map<string, string>) {
    this.#program = program;
    this.#codes = codes;
    this.#voices = espeakVoices(codes.keys());
    this.digest = createHash('sha256').update(`espeak ${version} ${WORDS_PER_MINUTE}`).digest('hex');
  }

  /** @throws SottoError `speech_failed` when the program is not there; the signal's reason */
  static async open({ program = 'espeak-ng', signal }: EspeakOptions = {}): Promise<EspeakEngine> {
    const run = {
      program,
      signal: signal ?? new AbortController().signal,
      timeoutMs: TIMEOUT_MS,
      maxBytes: LIST_BYTES,
    };
    const version = String(await runEspeak({ ...run, arguments: ['--version'] }));
    const codes = espeakLanguages(String(await runEspeak({ ...run, arguments: ['--voices'] })));
    if (codes.size === 0) throw new SottoError('speech_failed', 'espeak-ng has no voices.');
    // "eSpeak NG text-to-speech: 1.51  Data at: ..."
    return new EspeakEngine(program, /\d[\w.-]*/.exec(version)?.[0] ?? version, codes);
  }

  voices(): readonly OfferedVoice[] {
    return this.#voices;
  }

  async speak(piece: SpokenPiece, signal: AbortSignal): Promise<Int16Array> {
    const voice = this.#voices.find(({ id }) => id === piece.voice);
    checkPiece(piece, voice);
    signal.throwIfAborted();
    if (!hasSpeech(piece.text)) return new Int16Array(0);
    const either = AbortSignal.any([signal, this.#closed.signal]);
    return this.#turns.take(() => this.#run(piece, voice?.variant ?? '', either), either);
  }

  async close(): Promise<void> {
    this.#closed.abort(new SottoError('shutting_down', 'The voices are being closed.'));
    await this.#turns.end();
  }

  async #run({ text, language, speed }: SpokenPiece, variant: string, signal: AbortSignal): Promise<Int16Array> {
    const wav = await runEspeak({
      program: this.#program,
      arguments: ['--stdin', '--stdout', '-b', '1', '-z', '-s', `${Math.round(WORDS_PER_MINUTE * speed)}`].concat(
        '-v',
        `${this.#codes.get(language)}${variant}`,
      ),
      input: plainText(text),
      signal,
      timeoutMs: TIMEOUT_MS,
      maxBytes: (MAX_PIECE_MS / 1000) * SAMPLE_RATE_HZ * 2,
    });
    const audio = readWav(wav);
    // With nothing to say after all, it writes not even a header.
    if (audio === null && wav.length === 0) return new Int16Array(0);
    if (audio?.sampleRateHz !== SAMPLE_RATE_HZ) {
      throw new SottoError('speech_failed', 'espeak-ng wrote something else than the expected audio.');
    }
    return withoutSilentEdges(audio.samples, SAMPLE_RATE_HZ);
  }
}
