import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { addServiceOptions, type ServiceOptions } from '../../options/service.ts';
import {
  type AddVoiceOptions,
  addVoice,
  deleteOwn,
  type ListOwnOptions,
  listConsents,
  listOwn,
  renameOwn,
} from './own.ts';

/** Voices that a running service makes of samples; those of an engine are files of this machine. */
export function addOwnVoices(voices: Command, exitWith: ExitWith): void {
  const command = (syntax: string, description: string) =>
    addServiceOptions(voices.command(syntax).description(description));
  command('own', 'list the voices that were made of samples, in a running service')
    .option('--json', 'print JSON')
    .action(async (options: ListOwnOptions) => exitWith(await listOwn(options)));
  command('add <name>', 'make a voice of a sample (experimental, no clone; see docs/voices.md)')
    .requiredOption('--sample <file>', 'recording of the person: 5 to 30 seconds of speech')
    .requiredOption('--consent <file>', 'recording in which the same person agrees, or the id of a consent')
    .option('-l, --language <code>', 'language of the recordings', 'en')
    .option('--wait', 'wait until it is made, which takes minutes')
    .action(async (name: string, options: AddVoiceOptions) => exitWith(await addVoice(name, options)));
  command('rename <id> <name>', 'rename a voice that was made of a sample').action(
    async (id: string, name: string, options: ServiceOptions) => exitWith(await renameOwn(id, name, options)),
  );
  command('delete <id...>', 'delete voices that were made of samples, or consents with their voices').action(
    async (ids: string[], options: ServiceOptions) => exitWith(await deleteOwn(ids, options)),
  );
  command('consents', 'list the consents to voices, newest first')
    .option('--json', 'print JSON')
    .action(async (options: ListOwnOptions) => exitWith(await listConsents(options)));
}

/** All that can be done with voices in a service that runs elsewhere. */
export function addServiceVoices(program: Command, exitWith: ExitWith): void {
  addOwnVoices(
    program.command('voices').description('manage voices that a running service makes of samples'),
    exitWith,
  );
}
