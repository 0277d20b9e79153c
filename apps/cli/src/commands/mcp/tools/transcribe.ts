import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import type { SottoClient, WireEvent, WireTranscript } from '@sotto/client';
import { fileSource } from '@sotto/client/node';
import { z } from 'zod';
import { isAddress } from '../../../recordings/address.ts';
import { type Answer, answering, progressOf, type ToolDeps } from '../tool.ts';
import { linesOf } from './lines.ts';

/** Of an answer: about what a model can hold beside other things. The rest is read with read_transcript. */
export const MOST_CHARACTERS = 50_000;

const input = z.object({
  source: z.string().min(1).describe('Path of a recording (sound or video) on this machine, or its http(s) address'),
  language: z.string().exactOptional().describe('Code such as en or de; absent: it is detected'),
  diarize: z.boolean().exactOptional().describe('true: also tell who says what'),
  keep: z.boolean().exactOptional().describe('true: keep recording and transcript in the library'),
  prompt: z.string().exactOptional().describe('Names and words that may be said'),
});
type Input = z.infer<typeof input>;

const output = z.object({
  job_id: z.string(),
  language: z.string().nullable(),
  duration: z.number().describe('Seconds'),
  text: z.string().describe('A line for each segment, with its time and, where it was asked for, its speaker'),
  next_from: z.number().nullable().describe('Seconds from which read_transcript gives the rest; null: this is all'),
});

export function addTranscribeTool(server: McpServer, deps: ToolDeps): void {
  server.registerTool(
    'transcribe',
    {
      title: 'Transcribe a recording',
      description: 'Turns a recording into text with times. It takes a fraction of the length of the recording.',
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    },
    (asked, context) => answering(() => transcribe(asked, deps, context)),
  );
}

async function transcribe({ source, ...options }: Input, deps: ToolDeps, context: ServerContext): Promise<Answer> {
  const recording = isAddress(source) ? new URL(source) : await fileSource(await deps.folders.existing(source));
  const client = await deps.client();
  const { signal } = context.mcpReq;
  const { job_id: jobId } = await client.submit(recording, options, { signal });
  const { language, duration, ...transcript } = await finished(client, jobId, context);
  const { text, nextFrom } = linesOf(transcript, { maxCharacters: MOST_CHARACTERS });
  return {
    text: text === '' ? 'Nothing is said in it.' : text,
    data: { job_id: jobId, language, duration, text, next_from: nextFrom },
  };
}

/** A client that gives up wants no work to go on. */
async function finished(client: SottoClient, jobId: string, context: ServerContext): Promise<WireTranscript> {
  const { signal } = context.mcpReq;
  const tell = progressOf(context);
  const onEvent = (event: WireEvent) => {
    if (event.type === 'progress') tell(event.progress, event.stage);
  };
  try {
    await client.wait(jobId, { signal, onEvent });
    return await client.result(jobId, 'json', { signal });
  } catch (error) {
    if (signal.aborted) await client.cancel(jobId).catch(() => {});
    throw error;
  }
}
