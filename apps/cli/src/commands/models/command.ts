import { QUANTISATIONS } from '@sotto/whisper';
import { type Command, Option } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { type ImportModelOptions, importModels, installModels, listModels, removeModels } from './models.ts';
import { verifyModels } from './verify.ts';

export function addModels(program: Command, exitWith: ExitWith): Command {
  const models = program.command('models').description('manage the models on this machine');
  models
    .command('list', { isDefault: true })
    .description('list the installed models')
    .option('-a, --all', 'also list those that can be installed')
    .action(async (options: { all?: boolean }) => exitWith(await listModels(options)));
  models
    .command('install <name...>')
    .alias('pull')
    .description('download models of the catalog')
    .action(async (names: string[]) => exitWith(await installModels(names)));
  models
    .command('import <folder>')
    .description('convert a faster-whisper (CTranslate2) or Hugging Face model, fine-tuned ones too')
    .option('-n, --name <name>', 'name to give it (default: that of the folder)')
    .addOption(new Option('-q, --quantize <type>', 'store the weights with fewer bits').choices(QUANTISATIONS))
    .option('--no-self-test', 'do not load and try the model first')
    .option('--force', 'replace a model of that name')
    .action(async (folder: string, options: ImportModelOptions) => exitWith(await importModels(folder, options)));
  models
    .command('verify [name...]')
    .description('read models to their last byte and compare them with the catalogue (default: all)')
    .action(async (names: string[]) => exitWith(await verifyModels(names)));
  models
    .command('remove <name...>')
    .description('delete models')
    .action(async (names: string[]) => exitWith(await removeModels(names)));
  return models;
}
