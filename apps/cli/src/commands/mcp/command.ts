import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { oneMore } from '../../options/repeated.ts';
import { addServiceOptions } from '../../options/service.ts';
import { type McpOptions, mcp } from './mcp.ts';

export function addMcp(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('mcp')
    .description(
      'offer transcription, the library and speech to programs that speak MCP, over standard input and output',
    )
    .option(
      '--folder <path>',
      'recordings may be read from here, and sound written; may be repeated; default: the working folder',
      oneMore,
    );
  addServiceOptions(command).action(async (options: McpOptions) => exitWith(await mcp(options)));
}
