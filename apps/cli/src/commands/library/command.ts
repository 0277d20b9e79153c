import { LIBRARY_SORTS, RESPONSE_FORMATS, STATUSES } from '@sotto/contracts';
import { type Command, Option } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { count } from '../../options/numbers.ts';
import { oneMore } from '../../options/repeated.ts';
import { addServiceOptions, type ServiceOptions } from '../../options/service.ts';
import { exportLibrary, importLibrary } from './archives.ts';
import {
  deleteItems,
  type ListItemsOptions,
  listItems,
  printItems,
  type SearchOptions,
  type ShowItemsOptions,
  searchItems,
} from './library.ts';

export function addLibrary(program: Command, exitWith: ExitWith): void {
  const library = program.command('library').description('what a running service keeps; see docs/library.md');
  const command = (syntax: string, description: string, options?: { isDefault: boolean }) =>
    addServiceOptions(library.command(syntax, options).description(description));
  addFilters(command('list', 'list items, newest first', { isDefault: true })).action(
    async (options: ListItemsOptions) => exitWith(await listItems(options)),
  );
  addFilters(command('search <words...>', 'where words are said: "a phrase", or, -without')).action(
    async (words: string[], options: SearchOptions) => exitWith(await searchItems(words.join(' '), options)),
  );
  command('show <id...>', 'print the transcripts of items, in any format')
    .addOption(
      new Option('-f, --format <format>', 'format of the transcript').choices([...RESPONSE_FORMATS]).default('text'),
    )
    .option('--json', 'print what is known of the items instead, as JSON')
    .action(async (ids: string[], options: ShowItemsOptions) => exitWith(await printItems(ids, options)));
  command('delete <id...>', 'delete items with their recordings, for good').action(
    async (ids: string[], options: ServiceOptions) => exitWith(await deleteItems(ids, options)),
  );
  command('export <file>', 'write all that is yours into a ZIP archive').action(
    async (file: string, options: ServiceOptions) => exitWith(await exportLibrary(file, options)),
  );
  command('import <file>', 'add an archive; what is there already is skipped').action(
    async (file: string, options: ServiceOptions) => exitWith(await importLibrary(file, options)),
  );
}

function addFilters(command: Command): Command {
  return command
    .addOption(new Option('--status <status>', 'only items with this status').choices([...STATUSES]))
    .option('--tag <tag>', 'only items with this tag; may be repeated', oneMore)
    .option('-l, --language <code>', 'only items in this language')
    .addOption(new Option('--sort <by>', 'what to sort by').choices([...LIBRARY_SORTS]))
    .addOption(new Option('--order <order>', 'in which order').choices(['asc', 'desc']))
    .option('-n, --limit <n>', 'list at most this many', count, 20)
    .option('--json', 'print JSON, as the service answers');
}
