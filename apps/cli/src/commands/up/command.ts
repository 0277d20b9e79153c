import { type Command, Option } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { printConfig } from './print-config.ts';
import { type UpOptions, up } from './up.ts';

export function addUp(program: Command, exitWith: ExitWith): void {
  program
    .command('up')
    .description('run the whole service on this machine until Ctrl-C (npm start does this)')
    .option('--with-speech', 'install voices first, the best that can be had (see: sotto voices)')
    .option('--no-self-test', 'do not transcribe the bundled sample first')
    .addOption(
      new Option('--watch', 'restart the API and the worker when their sources change').default(false).hideHelp(),
    )
    .option('--print-config', 'print the configuration with the source of each value, without secrets, and exit')
    .action(async (options: UpOptions & { printConfig?: boolean }) =>
      exitWith(options.printConfig ? await printConfig() : await up(options)),
    );
}
