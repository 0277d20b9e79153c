import { type CommandNode, everyCommand, type OptionNode, type Values } from './tree.ts';

/** For `sotto completion fish | source`. */
export function fishCompletion(tree: CommandNode): string {
  const commands = everyCommand(tree);
  const below = commands.filter(({ path }) => path.includes(' ')).map(({ path }) => quoted(path));
  return `# fish completion for ${tree.name}
function __${tree.name}_at
  set -l at ${tree.name}
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case ${below.join(' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv"
end
complete -c ${tree.name} -f
${commands.flatMap((command) => linesOf(command, tree.name)).join('\n')}
`;
}

function linesOf({ path, commands, options, values }: CommandNode, program: string): string[] {
  const line = (rest: string): string => `complete -c ${program} -n ${quoted(`__${program}_at ${path}`)} ${rest}`;
  const names = commands.map(({ name, description }) => line(`-a ${name} -d ${quoted(description)}`));
  const own = commands.length > 0 || values === null || values === 'anything' ? [] : [line(valueFlags(values))];
  return [...names, ...options.map((option) => line(optionFlags(option))), ...own];
}

function optionFlags({ names, description, values }: OptionNode): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return [...flags, ...requirement(values), `-d ${quoted(description)}`].join(' ');
}

/** `-x`: a value is needed, and no file is one. */
function requirement(values: Values | null): string[] {
  if (values === null) return [];
  if (values === 'anything') return ['-x'];
  return [values === 'file' ? '-r' : '-x', valueFlags(values)];
}

function valueFlags(values: Exclude<Values, 'anything'>): string {
  if (values === 'file') return '-F';
  if (values === 'folder') return `-a ${quoted('(__fish_complete_directories)')}`;
  return `-a ${quoted(values.words.join(' '))}`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
