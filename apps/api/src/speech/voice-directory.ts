import { SottoError, type SpeechOffer } from '@sotto/contracts';
import type { SpeechOffers } from '@sotto/queue';
import { type AskedVoice, type ResolvedVoice, resolveVoice } from '@sotto/voices';
import { Sampled } from '../fleet/sampled.ts';
import type { WorkerDirectory } from '../fleet/worker-directory.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';

const SAMPLE_MS = 1_000;
const RETRY_AFTER_SECONDS = 10;

/** What is spoken, as far as it is known before a worker has looked. */
export interface ExpectedVoice extends ResolvedVoice {
  sampleRateHz: number;
  /** Of the engine: another one of the same name speaks otherwise. */
  digest: string | null;
}

/** What the workers can speak, asked of Redis at most once a second. */
export class VoiceDirectory {
  readonly #offers: Sampled<SpeechOffer[]>;
  readonly #directory: WorkerDirectory;
  readonly #speechOffers: Pick<SpeechOffers, 'of'>;

  constructor(directory: WorkerDirectory, speechOffers: Pick<SpeechOffers, 'of'>) {
    this.#directory = directory;
    this.#speechOffers = speechOffers;
    this.#offers = new Sampled(SAMPLE_MS, () => this.#look());
  }

  offers(): Promise<SpeechOffer[]> {
    return this.#offers.value((offers) => offers.length > 0);
  }

  /**
   * The voice that a request means.
   *
   * @throws SottoError `invalid_parameter`, `language_not_supported`; `speech_unavailable` where no worker speaks
   */
  async resolve(asked: AskedVoice): Promise<ExpectedVoice> {
    const offers = await this.offers();
    if (offers.length === 0) {
      throw new SottoError('speech_unavailable', 'Workers that speak need espeak-ng, or voices that were installed.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    const resolved = resolveOrName(asked, offers);
    const offer = offers.find(({ engine }) => engine === resolved.engine);
    return { ...resolved, sampleRateHz: offer?.sampleRateHz ?? 0, digest: offer?.digest ?? null };
  }

  async #look(): Promise<SpeechOffer[]> {
    const { workers } = await this.#directory.fleet();
    return this.#speechOffers.of(workers.filter(({ state }) => state !== 'stopping'));
  }
}

/** What is wrong with the name is said of the field that has it. */
function resolveOrName(asked: AskedVoice, offers: readonly SpeechOffer[]): ResolvedVoice {
  try {
    return resolveVoice(asked, offers);
  } catch (error) {
    if (error instanceof SottoError && error.code === 'invalid_parameter')
      throw invalidParameter('voice', error.detail);
    throw error;
  }
}
