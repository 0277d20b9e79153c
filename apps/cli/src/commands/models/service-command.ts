import type { Command } from 'commander';
import { type AdminOptions, addAdminOptions } from '../../connection/admin.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { addRunningModels } from './running-command.ts';
import { installInService, listServiceModels, removeFromService, verifyInService } from './service-files.ts';

/** All that can be done with the models of a service that runs elsewhere. */
export function addServiceModels(program: Command, exitWith: ExitWith): void {
  const models = program.command('models').description('manage the models of a running service');
  addAdminOptions(models.command('list', { isDefault: true }))
    .description('list the models that its workers have')
    .action(async (options: AdminOptions) => exitWith(await listServiceModels(options)));
  addAdminOptions(models.command('install <name...>').alias('pull'))
    .description('have its workers download models of the catalogue')
    .action(async (names: string[], options: AdminOptions) => exitWith(await installInService(names, options)));
  addAdminOptions(models.command('verify <name...>'))
    .description('have its workers read models to their last byte and compare them with the catalogue')
    .action(async (names: string[], options: AdminOptions) => exitWith(await verifyInService(names, options)));
  addAdminOptions(models.command('remove <name...>'))
    .description('have its workers delete models')
    .action(async (names: string[], options: AdminOptions) => exitWith(await removeFromService(names, options)));
  addRunningModels(models, exitWith);
}
