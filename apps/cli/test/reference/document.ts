import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { buildProgram } from '../../src/program.ts';

export const CLI_DOCUMENT = new URL('../../../../docs/cli.md', import.meta.url);

/** Wide enough that no line of the help is broken. */
const COLUMNS = 160;
const BEGIN = '<!-- help: written by pnpm --filter sotto reference -->';

/** docs/cli.md as it should be now: what people wrote, then the help of every command. */
export async function cliDocument(): Promise<string> {
  const [written = ''] = (await readFile(CLI_DOCUMENT, 'utf8')).split(BEGIN);
  const sections = everyCommand(buildProgram(() => {})).map(sectionOf);
  return `${[written.trimEnd(), BEGIN, ...sections].join('\n\n')}\n`;
}

/** Each before those below it. */
function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function sectionOf(command: Command): string {
  const help = command.configureHelp({ helpWidth: COLUMNS }).helpInformation().trim();
  return `### ${pathOf(command)}\n\n\`\`\`text\n${help}\n\`\`\``;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
