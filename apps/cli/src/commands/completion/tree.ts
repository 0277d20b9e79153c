import type { Command, Option } from 'commander';

/** What can stand somewhere: one of these words, a file, a folder, or something that nobody can guess. */
export type Values = { words: readonly string[] } | 'file' | 'folder' | 'anything';

export interface OptionNode {
  /** `--format`, `-f`. */
  names: string[];
  description: string;
  /** null: a switch. */
  values: Values | null;
}

export interface CommandNode {
  /** `sotto models list` */
  path: string;
  name: string;
  description: string;
  options: OptionNode[];
  commands: CommandNode[];
  /** Of its arguments; null: it takes none. */
  values: Values | null;
}

/** A command with everything below it, as its help tells it. */
export function commandTree(command: Command, parent = ''): CommandNode {
  const path = `${parent} ${command.name()}`.trim();
  const [argument] = command.registeredArguments;
  const { visibleCommands, visibleOptions } = helpOf(command);
  return {
    path,
    name: command.name(),
    description: command.description(),
    options: visibleOptions.map(optionNode),
    commands: visibleCommands.map((below) => commandTree(below, path)),
    values: argument === undefined ? null : valuesOf(argument.name(), argument.argChoices),
  };
}

/** The tree's commands one after the other, each before those below it. */
export function everyCommand(node: CommandNode): CommandNode[] {
  return [node, ...node.commands.flatMap(everyCommand)];
}

function helpOf(command: Command): { visibleCommands: Command[]; visibleOptions: Option[] } {
  const help = command.createHelp();
  const named = help.visibleCommands(command).filter((below) => below.name() !== 'help');
  return { visibleCommands: named, visibleOptions: help.visibleOptions(command) };
}

function optionNode(option: Option): OptionNode {
  const names = [option.long, option.short].filter((name) => name !== undefined && name !== null);
  const takesValue = option.required || option.optional;
  const [, placeholder = ''] = /[<[](\w+)/.exec(option.flags) ?? [];
  return {
    names,
    description: option.description,
    values: takesValue ? valuesOf(placeholder, option.argChoices) : null,
  };
}

/** The help's own word for a value says what it is. */
function valuesOf(placeholder: string, choices: readonly string[] | undefined): Values {
  if (choices !== undefined) return { words: choices };
  if (placeholder === 'file' || placeholder === 'folder') return placeholder;
  return 'anything';
}
