import { type ResponseFormat, type WireBatch, type WireBatchWebhook, wireBatchWebhookSchema } from '#wire';
import { batchSchema } from './answers.ts';
import { Backoff, pause, retryable } from './backoff.ts';
import type { ResultOptions, UploadOptions } from './call-options.ts';
import { captionQuery } from './caption-shape.ts';
import type { Call, Http } from './http.ts';
import { multipart } from './multipart.ts';
import { referenceField } from './references.ts';
import { type TranscribeOptions, transcribeFields } from './transcribe-fields.ts';
import { upload } from './upload.ts';
import { isReference, type RecordingSource, type UploadSource } from './upload-source.ts';
import { wordingQuery } from './wording-shape.ts';

/** What to do with every recording of a batch. */
export type BatchOptions = Omit<TranscribeOptions, 'cancelOnDisconnect'>;

export interface WaitBatchOptions extends Call {
  /** Called each time the batch has been looked at, the last time too. */
  onBatch?: (batch: WireBatch) => void;
  /** How long to keep trying while the service does not answer. Default: 60 s. */
  giveUpAfterMs?: number;
}

const GIVE_UP_AFTER_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;

/** Many recordings with one set of options. Methods reject as those of SottoClient do. */
export class Batches {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Sends recordings in one request: files, addresses, finished resumable uploads, or a mixture. Resolves as soon as all of
   * them are safely stored; one that is refused is an item with its error.
   *
   * The batch lists files first, then addresses, then uploads, whatever the order of `sources`.
   */
  async create(
    sources: readonly RecordingSource[],
    options: BatchOptions = {},
    { onUploadProgress, signal }: UploadOptions = {},
  ): Promise<WireBatch> {
    const url = this.#http.url('/batches');
    const files = sources.filter((source): source is UploadSource => !isReference(source));
    const elsewhere = sources.filter(isReference);
    const body = multipart([...transcribeFields(options), ...elsewhere.map(referenceField)], files);
    const onProgress = files.length > 0 ? onUploadProgress : undefined;
    const response = await upload(this.#http, url, { method: 'POST', body, onProgress, signal });
    return this.#http.json(url, response, batchSchema, signal);
  }

  async get(batchId: string, call: Call = {}): Promise<WireBatch> {
    const url = this.#url(batchId);
    return this.#http.json(url, await this.#http.request(url, {}, call), batchSchema, call.signal);
  }

  /** Resolves when every recording has been transcribed or has failed (see `counts` and `items`), or the batch was cancelled. */
  async wait(batchId: string, { onBatch, giveUpAfterMs, ...call }: WaitBatchOptions = {}): Promise<WireBatch> {
    const backoff = new Backoff(giveUpAfterMs ?? GIVE_UP_AFTER_MS);
    for (;;) {
      try {
        const batch = await this.get(batchId, call);
        backoff.reset();
        onBatch?.(batch);
        if (batch.status !== 'processing') return batch;
        await pause(LOOK_AGAIN_MS, call.signal);
      } catch (error) {
        await backoff.wait(retryable(error), call.signal);
      }
    }
  }

  /**
   * The results of a batch that has ended, as a ZIP file with one entry each.
   * @param format default: the one the batch was created with
   */
  async results(batchId: string, format?: ResponseFormat, call: ResultOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const query = {
      format,
      timestamp_granularity: call.timestampGranularity,
      ...captionQuery(call),
      ...wordingQuery(call),
    };
    const url = this.#url(batchId, '/results', query);
    return this.#http.bytes(url, await this.#http.request(url, {}, call), call.signal);
  }

  /** Cancels what has not ended and gives the batch; a batch that has ended is deleted with its results (null). */
  async cancel(batchId: string, call: Call = {}): Promise<WireBatch | null> {
    const url = this.#url(batchId);
    const response = await this.#http.request(url, { method: 'DELETE' }, call);
    return response.status === 204 ? null : this.#http.json(url, response, batchSchema, call.signal);
  }

  /** Whether its webhook was delivered, with every attempt. */
  async webhook(batchId: string, call: Call = {}): Promise<WireBatchWebhook> {
    const url = this.#url(batchId, '/webhooks');
    return this.#http.json(url, await this.#http.request(url, {}, call), wireBatchWebhookSchema, call.signal);
  }

  /** Delivers the webhook of a batch that has ended once more. */
  async replayWebhook(batchId: string, call: Call = {}): Promise<WireBatchWebhook> {
    const url = this.#url(batchId, '/webhooks/replay');
    const response = await this.#http.request(url, { method: 'POST' }, call);
    return this.#http.json(url, response, wireBatchWebhookSchema, call.signal);
  }

  #url(batchId: string, below = '', query: Readonly<Record<string, string | undefined>> = {}): string {
    return this.#http.url(`/batches/${encodeURIComponent(batchId)}${below}`, query);
  }
}
