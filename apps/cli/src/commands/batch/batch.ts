import type { SottoClient, WireBatch } from '@sotto/client';
import type { Connection, StartService } from '../../connection/connection.ts';
import { reasonOf } from '../../connection/refusal.ts';
import { withConnection } from '../../connection/with-connection.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { type RequestFlags, requestOf } from '../../options/request.ts';
import { CONTINUES, UPLOAD_SHARE } from '../../recordings/transcribe-recording.ts';
import { note, survivesClosedOutput } from '../../terminal/output.ts';
import { ProgressBar } from '../../terminal/progress-bar.ts';
import { report } from './report.ts';
import { type BatchResults, ResultFiles, type ResultOptions, ResultZip } from './results.ts';
import { type SentBatch, sendBatch } from './send-batch.ts';
import { type BatchSource, sourcesOf } from './sources.ts';

export interface BatchOptions extends RequestFlags {
  /** Where none runs and none is named; null: there must be one. */
  startService: StartService | null;
  zip?: string;
  recursive?: boolean;
  quiet?: boolean;
}

/** Transcribes recordings as one batch. One that fails does not keep the others from being transcribed. */
export async function batch(named: readonly string[], options: BatchOptions): Promise<ExitCode> {
  survivesClosedOutput();
  const sources = await sourcesOf(named, options.recursive ?? false);
  return withConnection(options, EXIT.interrupted, async (connection, signal) => {
    const bar = options.quiet ? null : new ProgressBar('batch');
    try {
      const sent = await send(connection, sources, options, signal, bar);
      const results = resultsOf(connection.client, sent.sources, options, signal);
      const ended = await follow(connection.client, sent.batchId, results, signal, bar);
      const unwritten = await results.finish(ended);
      bar?.end();
      return report(ended, sent.sources, results, unwritten);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof CommandError ? error : new CommandError(reasonOf(error), EXIT.failed, { cause: error });
    } finally {
      bar?.end();
    }
  });
}

function send(
  connection: Connection,
  sources: readonly BatchSource[],
  options: BatchOptions,
  signal: AbortSignal,
  bar: ProgressBar | null,
): Promise<SentBatch> {
  bar?.show(0, 'uploading');
  return sendBatch(connection, sources, {
    request: { ...requestOf(options), responseFormat: options.format },
    signal,
    onProgress: (fraction) => bar?.show(UPLOAD_SHARE * fraction, 'uploading'),
    onRetry: ({ message }) => bar?.say(`${message}; trying again`),
    onLeftBehind: () => bar !== null && note(CONTINUES),
  });
}

function resultsOf(
  client: SottoClient,
  sources: readonly BatchSource[],
  { format, words, output = '.', zip }: BatchOptions,
  signal: AbortSignal,
): BatchResults {
  const options: ResultOptions = { format, granularity: words ? 'word' : 'segment', signal };
  return zip === undefined ? new ResultFiles(client, sources, output, options) : new ResultZip(client, zip, options);
}

/** Until every recording has ended. An interrupt cancels those that have not. */
async function follow(
  client: SottoClient,
  batchId: string,
  results: BatchResults,
  signal: AbortSignal,
  bar: ProgressBar | null,
): Promise<WireBatch> {
  const onBatch = (now: WireBatch): void => {
    const { completed, total } = now.counts;
    bar?.show(UPLOAD_SHARE + (1 - UPLOAD_SHARE) * doneFraction(now), `${completed} of ${total} transcribed`);
    results.take(now);
  };
  try {
    return await client.batches.wait(batchId, { signal, onBatch });
  } catch (error) {
    if (signal.aborted) {
      await client.batches.cancel(batchId).catch(() => {});
      bar?.end();
      note('The batch is cancelled. Results that were written stay.');
    }
    throw error;
  }
}

function doneFraction({ items }: WireBatch): number {
  const percents = items.map(({ status, progress }) =>
    status === 'queued' || status === 'processing' ? progress : 100,
  );
  return percents.reduce((sum, percent) => sum + percent, 0) / (100 * items.length);
}
