import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Example {
  /** Where it runs. */
  platform: 'node' | 'browser';
  file: string;
  code: string;
}

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const FENCE = /^```ts (node|browser)=(\S+)\n(.*?)^```$/gms;

/**
 * The programs of the README: the fence says where each runs, and the file it is, as in "```ts node=later.ts".
 * @throws Error for one that nothing would look at
 */
export async function readmeExamples(): Promise<Example[]> {
  const text = await readFile(README, 'utf8');
  const examples = [...text.matchAll(FENCE)].map(([, platform, file, code]) => ({ platform, file, code }) as Example);
  const fences = text.match(/^```(ts|js)/gm)?.length ?? 0;
  if (fences !== examples.length) throw new Error(`README.md: ${fences - examples.length} programs are not looked at.`);
  return examples;
}
