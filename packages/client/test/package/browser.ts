import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { mustRun } from '@sotto/testkit';
import { build } from 'esbuild';

export interface Bundle {
  code: string;
  /** What a page downloads. */
  gzippedBytes: number;
  /** Files that went into it, below `node_modules`. */
  modules: string[];
}

/** Bundles a program into one script, whose exports are `page`, for browsers; a module of Node in it is an error. */
export async function bundleForBrowser(folder: string, file: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [file],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'page',
    platform: 'browser',
    target: 'es2022',
    metafile: true,
    write: false,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${file}`);
  const inputs = Object.keys(metafile.inputs).filter((path) => path.startsWith('node_modules/'));
  return {
    code: output.text,
    gzippedBytes: gzipSync(output.contents).length,
    modules: inputs.map((path) => path.slice('node_modules/'.length)),
  };
}

/** What a page has beside the language, as far as Node has it too. */
const PAGE_GLOBALS = [
  'AbortController',
  'AbortSignal',
  'ArrayBuffer',
  'Blob',
  'DOMException',
  'File',
  'FormData',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'Uint8Array',
  'atob',
  'btoa',
  'clearTimeout',
  'crypto',
  'fetch',
  'performance',
  'setTimeout',
];

/**
 * Runs the script `code`, then the body of a function, `use`, which sees its exports as `page`, in a world where there
 * is nothing but what a page has: no `process`, `Buffer` or `require`.
 * @returns what `use` gives, through JSON
 */
export async function runAsPage(folder: string, code: string, origin: string, use: string): Promise<unknown> {
  const program = `
import { runInNewContext } from 'node:vm';
const world = { location: new URL(${JSON.stringify(origin)}) };
for (const name of ${JSON.stringify(PAGE_GLOBALS)}) world[name] = globalThis[name];
const seen = await runInNewContext(${JSON.stringify(`${code}\n(async () => { ${use} })()`)}, world);
console.log(JSON.stringify(seen));
`;
  await writeFile(join(folder, 'page.run.mjs'), program);
  return JSON.parse((await mustRun(process.execPath, ['page.run.mjs'], { cwd: folder })).toString('utf8'));
}
