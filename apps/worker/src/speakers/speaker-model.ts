import { asSottoError, SottoError } from '@sotto/contracts';
import type { Logger } from '@sotto/runtime';
import { installSpeakerModel, SpeakerNetworks } from '@sotto/whisper';

export interface SpeakerModelOptions {
  modelDir: string;
  logger: Pick<Logger, 'info'>;
}

/** The networks that tell speakers apart: installed and loaded when they are first needed, and kept from then on. */
export class SpeakerModel {
  readonly #options: SpeakerModelOptions;
  #networks: Promise<SpeakerNetworks> | null = null;

  constructor(options: SpeakerModelOptions) {
    this.#options = options;
  }

  /**
   * @throws SottoError `model_not_available`, `model_load_failed`, with the reason: neither is waited for, and the next call
   *   tries again. The signal's reason.
   */
  async networks(signal: AbortSignal): Promise<SpeakerNetworks> {
    this.#networks ??= this.#load(signal);
    try {
      return await this.#networks;
    } catch (error) {
      this.#networks = null;
      signal.throwIfAborted();
      throw error;
    }
  }

  async #load(signal: AbortSignal): Promise<SpeakerNetworks> {
    const { modelDir, logger } = this.#options;
    try {
      const onProgress = (progress: object) => logger.info('installing the speaker model', { ...progress });
      return SpeakerNetworks.load(await installSpeakerModel(modelDir, { signal, onProgress, progressEveryMs: 10_000 }));
    } catch (cause) {
      signal.throwIfAborted();
      const { code, detail } = asSottoError(cause);
      throw new SottoError(code === 'model_load_failed' ? code : 'model_not_available', detail, { cause });
    }
  }
}
