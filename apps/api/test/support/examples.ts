import { readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, REPOSITORY } from '@sotto/testkit';
import { Language, Parser } from '@vscode/tree-sitter-wasm';

export type ExampleLanguage = 'sh' | 'js' | 'python' | 'csharp';

/** A program on a page: its fence says what a test does with it, as in "```python run=now". */
export interface Example {
  language: ExampleLanguage;
  /** `save`: for the others to import. `needs`: cannot be run here. */
  action: 'run' | 'parse' | 'save' | 'needs';
  /** The mode it shows; of what is saved, the name of the file; of what is not run, what it takes. */
  name: string;
  code: string;
}

/** It may stand in a list, and is indented with it then. */
const FENCE = /^( *)```(sh|js|python|csharp) (run|parse|save|needs)=(\S+)\n(.*?)^ *```$/gms;

/** @throws Error for a fence that nothing would look at. */
export async function examplesOf(page: string): Promise<Example[]> {
  const text = await readFile(join(REPOSITORY, 'docs', page), 'utf8');
  const examples = [...text.matchAll(FENCE)].map(
    ([, indent, language, action, name, code = '']) =>
      ({ language, action, name, code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }) as Example,
  );
  const fences = text.match(/^ *```\w+/gm)?.length ?? 0;
  if (fences !== examples.length) throw new Error(`${page}: ${fences - examples.length} programs are not looked at.`);
  return examples;
}

const COMMANDS: Record<Exclude<ExampleLanguage, 'csharp'>, { command: string; file: string; flags: string[] }> = {
  sh: { command: '/bin/sh', file: 'example.sh', flags: [] },
  // WebSocket is there without a flag from Node 22 on.
  js: { command: process.execPath, file: 'example.mjs', flags: ['--experimental-websocket'] },
  python: { command: 'python3', file: 'example.py', flags: ['-B'] },
};

/** Starts it in `folder`, where what it reads and imports must be. */
export async function startExample(
  { language, name, code }: Example,
  folder: string,
  env: Record<string, string> = {},
): Promise<Child> {
  if (language === 'csharp') throw new Error('C# is only parsed.');
  const { command, file, flags } = COMMANDS[language];
  await writeFile(join(folder, file), code);
  return Child.start({ name: `${name} (${language})`, command, args: [...flags, file], env, cwd: folder });
}

/** Where its own packages are found from: `openai`. */
export function givePackages(folder: string): Promise<void> {
  return symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
}

/** Faults that a parser finds in a C# program, by line. */
export async function csharpFaults(code: string): Promise<string[]> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-c-sharp.wasm');
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  const tree = parser.parse(code);
  if (tree === null) throw new Error('Nothing was parsed.');
  const faulty = tree.rootNode.descendantsOfType('ERROR').concat(tree.rootNode.hasError ? [tree.rootNode] : []);
  const faults = faulty.map((node) => `line ${(node?.startPosition.row ?? 0) + 1}: ${node?.text.slice(0, 60)}`);
  parser.delete();
  return faults;
}
