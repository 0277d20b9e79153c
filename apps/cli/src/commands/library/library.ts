import type { ItemListOptions, SottoClient, WireItemList } from '@sotto/client';
import type { ResponseFormat } from '@sotto/contracts';
import { eachId } from '../../connection/each-id.ts';
import { withClient } from '../../connection/with-connection.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { mustSuitStdout } from '../../recordings/result-file.ts';
import { bodyOf } from '../../recordings/transcribe-recording.ts';
import { note, result, table } from '../../terminal/output.ts';

export interface ListItemsOptions
  extends ServiceOptions,
    Pick<ItemListOptions, 'status' | 'language' | 'sort' | 'order'> {
  tag?: string[];
  limit: number;
  json?: boolean;
}

export type SearchOptions = ListItemsOptions;

export interface ShowItemsOptions extends ServiceOptions {
  format: ResponseFormat;
  json?: boolean;
}

type ListedItem = WireItemList['items'][number];

const PAGE = 100;

export function listItems(options: ListItemsOptions): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    const items = await firstItems(client, options, signal);
    if (options.json) result(JSON.stringify(items, null, 2));
    else if (items.length === 0) note('There is nothing.');
    else result(table([['ID', 'STATUS', 'LANGUAGE', 'LENGTH', 'CREATED (UTC)', 'TITLE'], ...items.map(rowOf)]));
    return EXIT.ok;
  });
}

/** Each place where the words are said; an item that only has them in its title is listed without any. */
export function searchItems(words: string, options: SearchOptions): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    const items = await firstItems(client, options, signal, words);
    if (options.json) result(JSON.stringify(items, null, 2));
    else if (items.length === 0) note('Nothing was found.');
    else result(items.map(foundText).join('\n'));
    return EXIT.ok;
  });
}

export function printItems(ids: readonly string[], options: ShowItemsOptions): Promise<ExitCode> {
  if (!options.json) mustSuitStdout(options.format);
  return eachId(ids, options, async (client, id, signal) => {
    if (options.json) result(JSON.stringify(await client.library.get(id, { signal }), null, 2));
    else result(bodyOf(await client.library.result(id, options.format, { signal })));
  });
}

export function deleteItems(ids: readonly string[], options: ServiceOptions): Promise<ExitCode> {
  return eachId(ids, options, async (client, id, signal) => {
    await client.library.delete(id, { signal });
    note(`${id} is deleted.`);
  });
}

function rowOf({ id, status, language, duration, created_at: created, title }: ListedItem): string[] {
  const seconds = duration === null ? '' : `${duration.toFixed(1)} s`;
  return [id, status, language ?? '', seconds, created.slice(0, 19).replace('T', ' '), title];
}

function foundText({ id, title, hits }: ListedItem): string {
  return [`${id}  ${title}`, ...hits.map(({ start, text }) => `  ${clock(start)}  ${text}`)].join('\n');
}

/** `01:02:03` */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

async function firstItems(
  client: SottoClient,
  { status, language, sort, order, tag, limit }: ListItemsOptions,
  signal: AbortSignal,
  q?: string,
): Promise<ListedItem[]> {
  const items: ListedItem[] = [];
  let cursor: string | null = null;
  do {
    const page: WireItemList = await client.library.list({
      signal,
      limit: Math.min(PAGE, limit - items.length),
      ...(q !== undefined && { q }),
      ...(status !== undefined && { status }),
      ...(language !== undefined && { language }),
      ...(sort !== undefined && { sort }),
      ...(order !== undefined && { order }),
      ...(tag !== undefined && { tags: tag }),
      ...(cursor !== null && { cursor }),
    });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < limit);
  return items;
}
