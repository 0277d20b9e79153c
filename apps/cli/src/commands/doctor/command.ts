import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { doctor } from './doctor.ts';

export function addDoctor(program: Command, exitWith: ExitWith): void {
  program
    .command('doctor')
    .description('check everything Sotto needs on this machine')
    .action(async () => exitWith(await doctor()));
}
