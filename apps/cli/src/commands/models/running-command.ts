import type { Command } from 'commander';
import { type AdminOptions, addAdminOptions } from '../../connection/admin.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { defaultModel, preloadModels } from './running.ts';

/** What is done with the models of a running service. */
export function addRunningModels(models: Command, exitWith: ExitWith): void {
  addAdminOptions(models.command('default [name]'))
    .description('show the default model of a running service, or set it without a restart')
    .option('--reset', 'the one of its configuration again')
    .action(async (name: string | undefined, options: AdminOptions & { reset?: true }) =>
      exitWith(await defaultModel(name, options)),
    );
  addAdminOptions(models.command('preload <name...>'))
    .description('load models in a running service and keep them in memory')
    .option('--release', 'no longer keep them')
    .action(async (names: string[], options: AdminOptions & { release?: true }) =>
      exitWith(await preloadModels(names, options)),
    );
}
