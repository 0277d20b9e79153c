import { extname } from 'node:path';
import type { McpServer } from '@modelcontextprotocol/server';
import { SPEECH_FORMATS, type SpeechFormat } from '@sotto/contracts';
import { z } from 'zod';
import { writeResult } from '../../../recordings/result-file.ts';
import { type Answer, answering, type ToolDeps } from '../tool.ts';

const input = z.object({
  text: z.string().min(1).describe('What is spoken'),
  path: z
    .string()
    .min(1)
    .describe(`File to write; its name tells the format: ${SPEECH_FORMATS.join(', ')}`),
  voice: z.string().exactOptional().describe('Id of a voice; absent: the best for the language'),
  language: z.string().exactOptional().describe('Code such as en or pt-BR; absent: that of the voice'),
});

const output = z.object({ path: z.string(), job_id: z.string().nullable() });

export function addSpeechTool(server: McpServer, deps: ToolDeps): void {
  server.registerTool(
    'speak',
    {
      title: 'Speak a text',
      description: 'Has a text spoken by a synthetic voice, into a new sound file.',
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    },
    (asked, { mcpReq }) => answering(() => speak(asked, deps, mcpReq.signal)),
  );
}

async function speak(
  { text, path, voice, language }: z.infer<typeof input>,
  deps: ToolDeps,
  signal: AbortSignal,
): Promise<Answer> {
  const responseFormat = formatOf(path);
  const target = await deps.folders.fresh(path);
  const client = await deps.client();
  const sound = await client.speech.speak(text, { voice, language, responseFormat }, { signal });
  await writeResult(target, sound.body);
  return { text: `It is in ${target}.`, data: { path: target, job_id: sound.jobId } };
}

function formatOf(path: string): SpeechFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = SPEECH_FORMATS.find((known) => known === extension);
  if (format !== undefined) return format;
  throw new Error(`The name of ${path} tells no format of ${SPEECH_FORMATS.join(', ')}.`);
}
