import { RESPONSE_FORMATS, STATUSES } from '@sotto/contracts';
import { type Command, Option } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { addCaptionOptions } from '../../options/captions.ts';
import { count } from '../../options/numbers.ts';
import { addServiceOptions, type ServiceOptions } from '../../options/service.ts';
import { addWordingOptions } from '../../options/wording.ts';
import {
  cancelJobs,
  type JobResultOptions,
  type ListJobsOptions,
  listJobs,
  printResults,
  showJobs,
  waitForJobs,
} from './jobs.ts';

export function addJobs(program: Command, exitWith: ExitWith): void {
  const jobs = program.command('jobs').description('list, read and cancel the jobs of a running service');
  const command = (syntax: string, description: string, options?: { isDefault: boolean }) =>
    addServiceOptions(jobs.command(syntax, options).description(description));
  command('list', 'list jobs, newest first', { isDefault: true })
    .addOption(new Option('--status <status>', 'only jobs with this status').choices([...STATUSES]))
    .option('-n, --limit <n>', 'list at most this many', count, 20)
    .option('--json', 'print JSON, as the service answers')
    .action(async (options: ListJobsOptions) => exitWith(await listJobs(options)));
  command('show <id...>', 'print all that is known about jobs, as JSON').action(
    async (ids: string[], options: ServiceOptions) => exitWith(await showJobs(ids, options)),
  );
  command('wait <id...>', 'wait until jobs have ended')
    .option('-q, --quiet', 'show no progress')
    .action(async (ids: string[], options: ServiceOptions & { quiet?: boolean }) =>
      exitWith(await waitForJobs(ids, options)),
    );
  addWordingOptions(addCaptionOptions(command('result <id...>', 'print the transcripts of jobs, in any format')))
    .addOption(
      new Option('-f, --format <format>', 'format of the result').choices([...RESPONSE_FORMATS]).default('text'),
    )
    .option('--words', 'include the times of each word (JSON formats)')
    .action(async (ids: string[], options: JobResultOptions) => exitWith(await printResults(ids, options)));
  command('cancel <id...>', 'cancel jobs that are running, delete those that have ended').action(
    async (ids: string[], options: ServiceOptions) => exitWith(await cancelJobs(ids, options)),
  );
}
