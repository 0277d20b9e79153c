import { createHash } from 'node:crypto';
import { type OfferedVoice, SottoError, type SpeechOffer } from '@sotto/contracts';
import { RemoteFailure, type RemoteService, type RemoteServiceOptions } from '@sotto/runtime';
import { withoutSilentEdges } from '../edges.ts';
import type { SpeechEngine, SpokenPiece } from '../engine.ts';
import { checkPiece, hasSpeech, plainText } from '../piece.ts';
import { type ExpectedSound, readSound } from './remote-sound.ts';
import { REMOTE_ENGINE, type RemoteVoice } from './remote-voices.ts';

export interface RemoteSpeechOptions extends ExpectedSound, RemoteServiceOptions {
  /** As clients of OpenAI have it: with `/v1`, without `/audio/speech`. */
  url: string;
  /** Absent: it needs none. */
  apiKey?: string | undefined;
  model: string;
  /** As `namedVoices` takes them; empty: those that it lists, or OpenAI's where it has no list. */
  voices: readonly string[];
  /** Lower-case BCP 47: of voices that nothing says more of. */
  languages: readonly string[];
  auto: NonNullable<SpeechOffer['remote']>['auto'];
}

/** What both calls of the other server need. */
export const remoteHeaders = ({ apiKey }: Pick<RemoteSpeechOptions, 'apiKey'>): Record<string, string> => ({
  'user-agent': 'Sotto',
  'accept-encoding': 'identity',
  ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
});

export const remoteAddress = (base: string, path: string): URL => new URL(`${base.replace(/\/+$/, '')}/${path}`);

/** Another server's voices, by OpenAI's `POST /v1/audio/speech`. It gets the text, the voice's name and the speed. */
export class RemoteEngine implements SpeechEngine {
  readonly name = REMOTE_ENGINE;
  readonly model: string;
  readonly digest: string;
  readonly sampleRateHz: number;
  /** Nobody knows what it does from day to day. */
  readonly isDeterministic = false;
  readonly canBlend = false;
  readonly usualRtfx = 4;
  readonly longestSeconds = Number.POSITIVE_INFINITY;
  readonly remote: NonNullable<SpeechOffer['remote']>;
  readonly #options: RemoteSpeechOptions;
  readonly #service: RemoteService;
  readonly #voices: readonly RemoteVoice[];
  readonly #closed = new AbortController();

  constructor(options: RemoteSpeechOptions, service: RemoteService, voices: readonly RemoteVoice[]) {
    const { url, model, format, sampleRateHz, auto } = options;
    this.model = model;
    this.digest = createHash('sha256')
      .update(JSON.stringify(['remote', url, model, format, sampleRateHz]))
      .digest('hex');
    this.sampleRateHz = sampleRateHz;
    this.remote = { auto };
    this.#options = options;
    this.#service = service;
    this.#voices = voices;
  }

  get warning(): string | null {
    return this.#service.state === 'closed'
      ? null
      : 'The other server has failed too often and is left alone for a while.';
  }

  voices(): readonly OfferedVoice[] {
    return this.#voices.map(({ theirs: _, ...voice }) => voice);
  }

  async speak(piece: SpokenPiece, signal: AbortSignal): Promise<Int16Array> {
    const voice = this.#voices.find(({ id }) => id === piece.voice);
    checkPiece(piece, voice);
    const either = AbortSignal.any([signal, this.#closed.signal]);
    either.throwIfAborted();
    if (voice === undefined || !hasSpeech(piece.text)) return new Int16Array(0);
    const samples = await this.#asked(piece, voice.theirs, either);
    return withoutSilentEdges(samples, this.sampleRateHz);
  }

  async close(): Promise<void> {
    this.#closed.abort(new SottoError('shutting_down', 'The voices are being closed.'));
  }

  async #asked({ text, speed }: SpokenPiece, voice: string, signal: AbortSignal): Promise<Int16Array> {
    const { model, format: response_format } = this.#options;
    const input = plainText(text);
    const body = JSON.stringify({ model, input, voice, speed, response_format });
    const headers = { ...remoteHeaders(this.#options), 'content-type': 'application/json' };
    const call = {
      url: remoteAddress(this.#options.url, 'audio/speech'),
      init: { method: 'POST', headers, body },
      amount: [...input].length,
      read: (response: Response) => readSound(response, this.#options),
    };
    try {
      return await this.#service.call(call, signal);
    } catch (error) {
      throw error instanceof RemoteFailure ? notSpoken(error) : error;
    }
  }
}

/** Only what the server does not want to speak is the text's own fault. */
function notSpoken(failure: RemoteFailure): SottoError {
  const { kind, message, retryAfterMs } = failure;
  if (kind === 'refused') return new SottoError('speech_failed', message, { cause: failure });
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAfterMs ?? 30_000) / 1000));
  return new SottoError('speech_unavailable', message, { cause: failure, retryAfterSeconds });
}
