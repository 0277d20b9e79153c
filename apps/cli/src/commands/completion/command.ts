import { Argument, type Command } from 'commander';
import { EXIT, type ExitWith } from '../../exit-codes.ts';
import { result } from '../../terminal/output.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { commandTree } from './tree.ts';
import { zshCompletion } from './zsh.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export function addCompletion(program: Command, exitWith: ExitWith): void {
  program
    .command('completion')
    .description('print a script that makes a shell complete commands and options; see docs/cli.md')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => {
      result(SHELLS[shell](commandTree(program)));
      exitWith(EXIT.ok);
    });
}
