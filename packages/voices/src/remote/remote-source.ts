import { createHash } from 'node:crypto';
import { SottoError } from '@sotto/contracts';
import { RemoteFailure, RemoteService, readAtMost } from '@sotto/runtime';
import type { SpeechEngine } from '../engine.ts';
import type { EngineSource } from '../engine-source.ts';
import { OPENAI_VOICES } from '../openai-names.ts';
import { RemoteEngine, type RemoteSpeechOptions, remoteAddress, remoteHeaders } from './remote-engine.ts';
import { listedVoices, namedVoices, type RemoteVoice } from './remote-voices.ts';

const LIST_BYTES = 2 ** 20;
/** How old the list of its voices may be; one that could not be had is asked for again sooner. */
const LIST_TTL_MS = 300_000;
const AGAIN_MS = 15_000;

type Listed = { voices: readonly RemoteVoice[] } | { problem: string };

/**
 * Another server that speaks, as something that may be there: it is once its voices are known, and stays while they are. Its list is read
 * beside whoever looks, so that a server that does not answer keeps nobody waiting. One breaker counts for all.
 */
export class RemoteSource implements EngineSource {
  readonly #options: RemoteSpeechOptions;
  readonly #service: RemoteService;
  readonly #signal: AbortSignal;
  #listed: Listed;
  #nextListAtMs = 0;
  #listing: Promise<void> | null = null;

  constructor(options: RemoteSpeechOptions, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#service = new RemoteService(options);
    this.#signal = signal ?? new AbortController().signal;
    const named = namedVoices(options.voices, options.languages);
    this.#listed = named.length > 0 ? { voices: named } : { problem: 'The other server has not been asked yet.' };
    if (named.length > 0) this.#nextListAtMs = Number.POSITIVE_INFINITY;
  }

  async mark(): Promise<string> {
    const isFirst = this.#nextListAtMs === 0;
    if (Date.now() >= this.#nextListAtMs) this.#listing ??= this.#list();
    if (isFirst) await this.#listing;
    return createHash('sha256').update(JSON.stringify(this.#listed)).digest('hex');
  }

  async open(): Promise<SpeechEngine> {
    if ('voices' in this.#listed) return new RemoteEngine(this.#options, this.#service, this.#listed.voices);
    throw new SottoError('speech_unavailable', this.#listed.problem);
  }

  /** Never rejects. */
  async #list(): Promise<void> {
    const now = await this.#read().catch((error: unknown): Listed => ({ problem: problemOf(error) }));
    const hadVoices = 'voices' in this.#listed;
    // One that is away for a while keeps its voices: whoever asks for them is told why they do not speak.
    if ('voices' in now || !hadVoices) this.#listed = now;
    this.#nextListAtMs = Date.now() + ('voices' in now ? LIST_TTL_MS : AGAIN_MS);
    this.#listing = null;
  }

  async #read(): Promise<Listed> {
    const { url, languages } = this.#options;
    const call = {
      url: remoteAddress(url, 'audio/voices'),
      init: { method: 'GET', headers: remoteHeaders(this.#options) },
      amount: 0,
      read: async (response: Response) => new TextDecoder().decode(await readAtMost(response, LIST_BYTES)),
    };
    const answer = await this.#service.call(call, this.#signal).catch((error: unknown) => {
      // OpenAI itself has no list.
      if (error instanceof RemoteFailure && (error.kind === 'missing' || error.kind === 'refused')) return '';
      throw error;
    });
    const voices = listedVoices(parsed(answer), languages);
    return { voices: voices.length > 0 ? voices : namedVoices(Object.keys(OPENAI_VOICES), languages) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const problemOf = (error: unknown): string =>
  error instanceof RemoteFailure ? error.message : 'The voices of the other server could not be listed.';
