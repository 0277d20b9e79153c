import {
  type JobRequest,
  type JobView,
  type ResultReference,
  type Run,
  type RunKind,
  type RunOf,
  SottoError,
  SPEAKERS_EXTRA,
} from '@sotto/contracts';
import { type Extras, JOB_CATALOG, type ResultOf, type Runs } from '@sotto/queue';
import { ClientGone } from '../http/client-gone.ts';
import { expired, mustHaveCompleted } from './outcome.ts';
import type { RenderThreads } from './render-threads.ts';
import { type Rendered, type Renderer, renderStored, type StoredSpeakers, type StoredTranscript } from './renderer.ts';

/** A request and its run, of that kind. */
export interface Ended<K extends RunKind> {
  run: RunOf<K>;
  request: JobRequest;
}

/** Kinds of run whose results are never long. */
type ShortKind = Exclude<RunKind, 'transcription'>;

/** The client that waits, such as a Response. */
export interface Reader {
  readonly destroyed: boolean;
}

/**
 * Results with more JSON than this are rendered on a thread. Captions of one this long take ten milliseconds.
 */
const LONG_BYTES = 64 * 1024;
/** What so much takes compressed. */
const LONG_COMPRESSED_BYTES = 8 * 1024;

/** The one way for endpoints to read results. Short ones are rendered on the event loop, long ones on threads. */
export class Results {
  readonly #runs: Pick<Runs, 'result' | 'resultBody'>;
  readonly #extras: Pick<Extras, 'result'>;
  readonly #threads: RenderThreads;

  constructor(runs: Pick<Runs, 'result' | 'resultBody'>, extras: Pick<Extras, 'result'>, threads: RenderThreads) {
    this.#runs = runs;
    this.#extras = extras;
    this.#threads = threads;
  }

  /**
   * The rendered transcript of an ended run.
   *
   * @throws SottoError what the run failed with, `job_cancelled`, `job_not_finished`, `result_expired`, `service_full`;
   *   `no_transcript` for another kind of run or result. ClientGone when the reader has gone before its turn came.
   */
  async transcript<Options>(
    { run, request }: JobView,
    renderer: Renderer<Options>,
    options: Options,
    reader?: Reader,
  ): Promise<Rendered<string | Buffer>> {
    if (run.kind !== 'transcription') {
      throw new SottoError('no_transcript', 'This job was not to make one.');
    }
    mustHaveCompleted(run, request);
    if (run.result?.kind === 'blob') throw new SottoError('no_transcript', 'The result of this job is a file.');
    const rendered = await this.kept({ run, request }, renderer, options, reader);
    if (rendered === null) throw expired(request);
    return rendered;
  }

  /** The same for a completed run; null: its transcript has expired. */
  async kept<Options>(
    { run, request }: JobView,
    renderer: Renderer<Options>,
    options: Options,
    reader?: Reader,
  ): Promise<Rendered<string | Buffer> | null> {
    const load = async () => {
      if (reader?.destroyed) throw new ClientGone();
      const stored = await this.#runs.resultBody(run);
      if (stored === null) return null;
      const names = request.delivery.speakerNames ?? [];
      return { renderer: renderer.name, options, stored, names, speakers: await this.#speakersOf(run) };
    };
    if (bytesOf(run.result) > LONG_BYTES) return this.#threads.run(load);
    const task = await load();
    if (task === null) return null;
    // Builds before references did not record the size.
    if (task.stored.bytes.length > LONG_BYTES) return this.#threads.run(async () => task);
    return renderHere(task, renderer, options);
  }

  /**
   * The same for a transcript that is at hand.
   *
   * @throws SottoError `service_full`; ClientGone
   */
  async stored<Options>(
    transcript: StoredTranscript,
    renderer: Renderer<Options>,
    options: Options,
    reader?: Reader,
  ): Promise<Rendered<string | Buffer>> {
    const { bytes, encoding } = transcript.stored;
    if (bytes.length <= (encoding === 'json' ? LONG_BYTES : LONG_COMPRESSED_BYTES)) {
      return renderHere(transcript, renderer, options);
    }
    const rendered = await this.#threads.run(async () => {
      if (reader?.destroyed) throw new ClientGone();
      return { renderer: renderer.name, options, ...transcript };
    });
    if (rendered === null) throw new ClientGone();
    return rendered;
  }

  async #speakersOf({ id, extras, warnings }: Run): Promise<StoredSpeakers | null> {
    if (extras[SPEAKERS_EXTRA] === undefined) return null;
    const { warn } = JOB_CATALOG[SPEAKERS_EXTRA].onFailure;
    return {
      turns: await this.#extras.result(id, SPEAKERS_EXTRA),
      warnings: warnings.filter(({ code }) => code === warn),
    };
  }

  /**
   * The result of an ended run of a kind with short results.
   *
   * @throws SottoError as `transcript` does.
   */
  async value<K extends ShortKind>({ run, request }: Ended<K>): Promise<ResultOf<K>> {
    mustHaveCompleted(run, request);
    const result = await this.keptValue<K>(run);
    if (result === null) throw expired(request);
    return result;
  }

  /** The same for a completed run; null: it has expired. */
  keptValue<K extends ShortKind>(run: RunOf<K>): Promise<ResultOf<K> | null> {
    return this.#runs.result<ResultOf<K>>(run);
  }
}

async function renderHere<Options>(
  transcript: StoredTranscript,
  renderer: Renderer<Options>,
  options: Options,
): Promise<Rendered<string | Buffer>> {
  const { body, facts } = await renderStored(transcript, renderer, options);
  return {
    body: typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    facts,
  };
}

function bytesOf(reference: ResultReference | null): number {
  return reference?.kind === 'inline' ? reference.bytes : 0;
}
