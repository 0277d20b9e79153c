import { type CommandNode, everyCommand, type Values } from './tree.ts';

/** For `source <(sotto completion zsh)`, or as a file `_sotto` in a folder of `$fpath`. */
export function zshCompletion(tree: CommandNode): string {
  const commands = everyCommand(tree);
  const below = commands.filter(({ path }) => path.includes(' ')).map(({ path }) => quoted(path));
  return `#compdef ${tree.name}
# zsh completion for ${tree.name}
_${tree.name}() {
  local at=${tree.name} word
  local -a entries
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      ${below.join('|')}) at="$at $word" ;;
    esac
  done
  case "$at:\${words[CURRENT-1]}" in
${commands.flatMap(optionValues).join('\n')}
  esac
  case "$at:$PREFIX" in
${commands.map(optionNames).join('\n')}
  esac
  case "$at" in
${commands.map(next).join('\n')}
  esac
}
if [ "$funcstack[1]" = "_${tree.name}" ]; then _${tree.name} "$@"; else compdef _${tree.name} ${tree.name}; fi
`;
}

function optionValues({ path, options }: CommandNode): string[] {
  return options.flatMap(({ names, values }) =>
    values === null
      ? []
      : [`    ${names.map((name) => quoted(`${path}:${name}`)).join('|')}) ${add(values)}; return ;;`],
  );
}

function optionNames({ path, options }: CommandNode): string {
  const entries = options.flatMap(({ names, description }) => names.map((name) => entry(name, description)));
  return `    ${quoted(`${path}:-`)}*) entries=(${entries.join(' ')}); _describe option entries; return ;;`;
}

function next({ path, commands, values }: CommandNode): string {
  if (commands.length === 0) return `    ${quoted(path)}) ${add(values ?? 'anything')} ;;`;
  const entries = commands.map(({ name, description }) => entry(name, description));
  return `    ${quoted(path)}) entries=(${entries.join(' ')}); _describe command entries ;;`;
}

function add(values: Values): string {
  if (values === 'anything') return ':';
  if (values === 'file') return '_files';
  if (values === 'folder') return '_files -/';
  return `compadd -- ${values.words.map(quoted).join(' ')}`;
}

/** `name:description`; only the name's colons need care, and names have none. */
const entry = (name: string, description: string): string => quoted(`${name}:${description}`);

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
