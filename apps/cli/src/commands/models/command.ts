import { QUANTISATIONS } from '@sotto/whisper';
import { type Command, Option } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { type ImportModelOptions, importModels, installModels, listModels, removeModels } from './models.ts';

export function addModels(program: Command, exitWith: ExitWith): void {
  const models = program.command('models').description('models on this machine');
  models
    .command('list', { isDefault: true })
    .description('what is installed')
    .option('-a, --all', 'and what could be', false)
    .action(async (options: { all: boolean }) => exitWith(await listModels(options)));
  models
    .command('install <name...>')
    .description('fetch models of the catalog')
    .action(async (names: string[]) => exitWith(await installModels(names)));
  models
    .command('import <folder>')
    .description('take a faster-whisper (CTranslate2) or Hugging Face model, fine-tuned ones too')
    .option('-n, --name <name>', 'name to ask for it by; that of the folder when not given')
    .addOption(new Option('-q, --quantize <type>', 'store the weights smaller').choices(QUANTISATIONS))
    .option('--no-self-test', 'do not load and try the model before it gets its name')
    .option('--force', 'replace a model of that name', false)
    .action(async (folder: string, options: ImportModelOptions) => exitWith(await importModels(folder, options)));
  models
    .command('remove <name...>')
    .description('delete models')
    .action(async (names: string[]) => exitWith(await removeModels(names)));
}
