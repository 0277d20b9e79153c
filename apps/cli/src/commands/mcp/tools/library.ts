import type { McpServer } from '@modelcontextprotocol/server';
import { type SottoClient, SottoError, type WireTranscript } from '@sotto/client';
import { z } from 'zod';
import { type Answer, answering, type ToolDeps } from '../tool.ts';
import { clock, linesOf } from './lines.ts';
import { MOST_CHARACTERS } from './transcribe.ts';

const MOST_ITEMS = 50;

const searchInput = z.object({
  query: z.string().exactOptional().describe('Words, "a phrase", or, -without; absent: the newest recordings'),
  speaker: z.string().exactOptional().describe('Name of somebody who speaks in it'),
  tag: z.string().exactOptional(),
  limit: z.int().min(1).max(MOST_ITEMS).default(10),
});
const searchOutput = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      created_at: z.string(),
      duration: z.number().nullable().describe('Seconds'),
      language: z.string().nullable(),
      hits: z.array(z.object({ start: z.number().describe('Seconds'), text: z.string() })).describe('Up to three'),
    }),
  ),
  has_more: z.boolean(),
});

const readInput = z.object({
  id: z.string().min(1).describe('Of a job or of an item of the library'),
  from: z.number().min(0).exactOptional().describe('Seconds'),
  to: z.number().min(0).exactOptional().describe('Seconds'),
});
const readOutput = z.object({
  text: z.string().describe('A line for each segment, with its time and speaker'),
  duration: z.number().describe('Seconds'),
  language: z.string().nullable(),
  next_from: z.number().nullable().describe('Seconds from which the rest can be read; null: this is all'),
});

const READS = { readOnlyHint: true, openWorldHint: false };

export function addLibraryTools(server: McpServer, deps: ToolDeps): void {
  server.registerTool(
    'search_library',
    {
      title: 'Search kept recordings',
      description: 'Finds recordings in the library by what is said in them, with the times of the places.',
      inputSchema: searchInput,
      outputSchema: searchOutput,
      annotations: READS,
    },
    (asked, { mcpReq }) => answering(async () => search(asked, await deps.client(), mcpReq.signal)),
  );
  server.registerTool(
    'read_transcript',
    {
      title: 'Read a transcript',
      description:
        'The text of a job or of a recording in the library, with times and speakers. Long ones come in parts.',
      inputSchema: readInput,
      outputSchema: readOutput,
      annotations: READS,
    },
    (asked, { mcpReq }) => answering(async () => read(asked, await deps.client(), mcpReq.signal)),
  );
}

async function search(
  { query, speaker, tag, limit }: z.infer<typeof searchInput>,
  client: SottoClient,
  signal: AbortSignal,
): Promise<Answer> {
  const wishes = {
    ...(query !== undefined && { q: query }),
    ...(speaker !== undefined && { speaker }),
    ...(tag !== undefined && { tags: [tag] }),
  };
  const page = await client.library.list({ ...wishes, status: 'completed', limit, signal });
  const items = page.items.map(({ id, title, created_at, duration, language, hits }) => ({
    id,
    title,
    created_at,
    duration,
    language,
    hits: hits.map(({ start, text }) => ({ start, text })),
  }));
  const lines = items.flatMap(({ id, title, created_at, hits }) => [
    `${title} (${created_at.slice(0, 10)}, id ${id})`,
    ...hits.map(({ start, text }) => `  [${clock(start)}] ${text}`),
  ]);
  return {
    text: lines.length === 0 ? 'Nothing was found.' : lines.join('\n'),
    data: { items, has_more: page.next_cursor !== null },
  };
}

async function read(
  { id, from, to }: z.infer<typeof readInput>,
  client: SottoClient,
  signal: AbortSignal,
): Promise<Answer> {
  const { language, duration, ...transcript } = await transcriptOf(id, client, signal);
  const { text, nextFrom } = linesOf(transcript, { from, to, maxCharacters: MOST_CHARACTERS });
  const rest = nextFrom === null ? '' : `\n(It goes on; read it with from=${nextFrom}.)`;
  return {
    text: text === '' ? 'Nothing is said there.' : text + rest,
    data: { text, duration, language, next_from: nextFrom },
  };
}

/** An item's text is what its owner has made of it, so that comes before what its job has heard. */
async function transcriptOf(id: string, client: SottoClient, signal: AbortSignal): Promise<WireTranscript> {
  try {
    return await client.library.result(id, 'json', { signal });
  } catch (error) {
    if (!(error instanceof SottoError) || !NO_ITEM.has(error.code)) throw error;
    return client.result(id, 'json', { signal });
  }
}

/** There is no such item, or no library. */
const NO_ITEM = new Set<string>(['item_not_found', 'library_off', 'not_found']);
