import { type Command, Option } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { type UpOptions, up } from './up.ts';

export function addUp(program: Command, exitWith: ExitWith): void {
  program
    .command('up')
    .description('run the whole service here until Ctrl-C (what npm start ends in)')
    .option('--no-self-test', 'do not transcribe the bundled sample first')
    .addOption(
      new Option('--watch', 'start the API and the worker anew when their sources change').default(false).hideHelp(),
    )
    .action(async (options: UpOptions) => exitWith(await up(options)));
}
