import type { CaptionShape, SottoClient, WordingShape } from '@sotto/client';
import type { ResponseFormat, Status, WireStatus } from '@sotto/contracts';
import { eachId } from '../../connection/each-id.ts';
import { withClient } from '../../connection/with-connection.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { mustSuitStdout } from '../../recordings/result-file.ts';
import { bodyOf } from '../../recordings/transcribe-recording.ts';
import { note, result, table } from '../../terminal/output.ts';
import { ProgressBar } from '../../terminal/progress-bar.ts';

export interface ListJobsOptions extends ServiceOptions {
  status?: Status;
  limit: number;
  json?: boolean;
}

export interface JobResultOptions extends ServiceOptions, CaptionShape, WordingShape {
  format: ResponseFormat;
  words?: boolean;
}

const PAGE = 100;

/** Newest first. */
export function listJobs(options: ListJobsOptions): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    const jobs = await firstJobs(client, options, signal);
    if (options.json) result(JSON.stringify(jobs, null, 2));
    else if (jobs.length === 0) note('There are no jobs.');
    else result(table([['ID', 'STATUS', 'PROGRESS', 'LENGTH', 'CREATED (UTC)', 'FILE'], ...jobs.map(rowOf)]));
    return EXIT.ok;
  });
}

export function showJobs(ids: readonly string[], options: ServiceOptions): Promise<ExitCode> {
  return eachId(ids, options, async (client, id, signal) => {
    const { result: _transcript, ...status } = await client.status(id, { signal });
    result(JSON.stringify(status, null, 2));
  });
}

/** Those under way are cancelled, finished ones deleted with their results. */
export function cancelJobs(ids: readonly string[], options: ServiceOptions): Promise<ExitCode> {
  return eachId(ids, options, async (client, id, signal) => {
    const status = await client.cancel(id, { signal });
    note(`${id} is ${status === null ? 'deleted' : status.status}.`);
  });
}

export function printResults(
  ids: readonly string[],
  { format, words, server, apiKey, disfluencies, ...given }: JobResultOptions,
): Promise<ExitCode> {
  mustSuitStdout(format);
  const service = { ...(server !== undefined && { server }), ...(apiKey !== undefined && { apiKey }) };
  // Where the flag is not given, the request decides.
  const shape = { ...given, ...(disfluencies === false && { disfluencies }) };
  return eachId(ids, service, async (client, id, signal) => {
    const granularity = words ? ('word' as const) : ('segment' as const);
    result(bodyOf(await client.result(id, format, { ...shape, signal, timestampGranularity: granularity })));
  });
}

/** Until they have ended; a job that failed or was cancelled makes the exit status 1. */
export function waitForJobs(
  ids: readonly string[],
  { quiet, ...options }: ServiceOptions & { quiet?: boolean },
): Promise<ExitCode> {
  return eachId(ids, options, async (client, id, signal) => {
    const bar = quiet ? null : new ProgressBar(id);
    try {
      bar?.show(0, 'waiting');
      await client.wait(id, {
        signal,
        onEvent: (event) => event.type === 'progress' && bar?.show(event.progress / 100, event.stage),
      });
    } finally {
      bar?.end();
    }
    note(`${id} is completed.`);
  });
}

function rowOf({ job_id: id, status, progress, duration, created_at: created, file_name: name }: WireStatus): string[] {
  const seconds = duration === undefined ? '' : `${duration.toFixed(1)} s`;
  return [id, status, `${Math.floor(progress)} %`, seconds, created.slice(0, 19).replace('T', ' '), name];
}

async function firstJobs(
  client: SottoClient,
  { status, limit }: ListJobsOptions,
  signal: AbortSignal,
): Promise<WireStatus[]> {
  const jobs: WireStatus[] = [];
  let cursor: string | null = null;
  do {
    const page = await client.list({
      signal,
      limit: Math.min(PAGE, limit - jobs.length),
      ...(status !== undefined && { status }),
      ...(cursor !== null && { cursor }),
    });
    jobs.push(...page.jobs);
    cursor = page.next_cursor;
  } while (cursor !== null && jobs.length < limit);
  return jobs;
}
