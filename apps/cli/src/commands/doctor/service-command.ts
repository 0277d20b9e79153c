import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { addServiceOptions, type ServiceOptions } from '../../options/service.ts';
import { reportOf } from './report.ts';
import { checkServiceFromAfar } from './service-from-afar.ts';

export function addServiceDoctor(program: Command, exitWith: ExitWith): void {
  addServiceOptions(program.command('doctor'))
    .description('check whether a service answers, takes the key and is well')
    .action(async (options: ServiceOptions) => exitWith(reportOf(await checkServiceFromAfar(options))));
}
