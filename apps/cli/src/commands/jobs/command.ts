import { RESPONSE_FORMATS, STATUSES } from '@sotto/contracts';
import { type Command, Option } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { addCaptionOptions } from '../../options/captions.ts';
import { count } from '../../options/numbers.ts';
import { addServiceOptions, type ServiceOptions } from '../../options/service.ts';
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
  const jobs = program.command('jobs').description('jobs of a running service');
  const command = (syntax: string, description: string, options?: { isDefault: boolean }) =>
    addServiceOptions(jobs.command(syntax, options).description(description));
  command('list', 'newest first', { isDefault: true })
    .addOption(new Option('--status <status>', 'those only').choices([...STATUSES]))
    .option('-n, --limit <n>', 'at most so many', count, 20)
    .option('--json', 'as the service tells them', false)
    .action(async (options: ListJobsOptions) => exitWith(await listJobs(options)));
  command('show <id...>', 'all that is known of them, as JSON').action(async (ids: string[], options: ServiceOptions) =>
    exitWith(await showJobs(ids, options)),
  );
  command('wait <id...>', 'until they have ended')
    .option('-q, --quiet', 'no progress', false)
    .action(async (ids: string[], options: ServiceOptions & { quiet: boolean }) =>
      exitWith(await waitForJobs(ids, options)),
    );
  addCaptionOptions(command('result <id...>', 'print their transcripts, in any format and shape'))
    .addOption(
      new Option('-f, --format <format>', 'shape of the answer').choices([...RESPONSE_FORMATS]).default('text'),
    )
    .option('--words', 'with the times of each word (json formats)', false)
    .action(async (ids: string[], options: JobResultOptions) => exitWith(await printResults(ids, options)));
  command('cancel <id...>', 'cancel them; delete those that have ended').action(
    async (ids: string[], options: ServiceOptions) => exitWith(await cancelJobs(ids, options)),
  );
}
