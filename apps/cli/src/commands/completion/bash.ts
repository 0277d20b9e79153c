import { type CommandNode, everyCommand, type Values } from './tree.ts';

/** For `source <(sotto completion bash)`. Works with the bash 3.2 of macOS: no mapfile, no associative arrays. */
export function bashCompletion(tree: CommandNode): string {
  const commands = everyCommand(tree);
  const below = commands.filter(({ path }) => path.includes(' ')).map(({ path }) => quoted(path));
  return `# bash completion for ${tree.name}
_${tree.name}() {
  local at=${tree.name} word words= current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local IFS=$'\\n'
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${below.join('|')}) at="$at $word" ;;
    esac
  done
  COMPREPLY=()
  case "$at:$previous" in
${commands.flatMap(optionValues).join('\n')}
  esac
  case "$at:$current" in
${commands.map(optionNames).join('\n')}
  esac
  case "$at" in
${commands.map(next).join('\n')}
  esac
}
complete -o filenames -F _${tree.name} ${tree.name}
`;
}

function optionValues({ path, options }: CommandNode): string[] {
  return options.flatMap(({ names, values }) =>
    values === null
      ? []
      : [`    ${names.map((name) => quoted(`${path}:${name}`)).join('|')}) ${reply(values)} return ;;`],
  );
}

function optionNames({ path, options }: CommandNode): string {
  return `    ${quoted(`${path}:-`)}*) ${reply({ words: options.flatMap(({ names }) => names) })} return ;;`;
}

function next({ path, commands, values }: CommandNode): string {
  const known: Values = commands.length > 0 ? { words: commands.map(({ name }) => name) } : (values ?? 'anything');
  return `    ${quoted(path)}) ${reply(known)} ;;`;
}

function reply(values: Values): string {
  if (values === 'anything') return '';
  if (values === 'file') return `COMPREPLY=($(compgen -f -- "$current"));`;
  if (values === 'folder') return `COMPREPLY=($(compgen -d -- "$current"));`;
  return `COMPREPLY=($(compgen -W $'${values.words.join('\\n')}' -- "$current"));`;
}

const quoted = (text: string): string => `"${text}"`;
