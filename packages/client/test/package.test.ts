import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  heartbeatSchema,
  jobRequestSchema,
  runSchema,
  uploadSchema,
  webhookAttemptSchema,
  windowResultSchema,
} from '@sotto/contracts';
import { describeWith, mustRun, type Service, speak, startService, temporaryFolder } from '@sotto/testkit';
import { z } from 'zod';
import { type Bundle, bundleForBrowser, runAsPage } from './package/browser.ts';
import { type Example, readmeExamples } from './package/examples.ts';
import { compile, makeProject, npmRegistry } from './package/project.ts';

jest.setTimeout(120_000);

const SAID = 'hello world one two three';
const ANSWERED = 'one two three four five';
/** What the README's programs print; those that are not named here, the text of the recording. */
const PRINTED: Record<string, string> = { 'batch.ts': 'answer.wav completed', 'errors.ts': 'invalid_file_format' };

const examples = await readmeExamples();
const ofNode = examples.filter(({ platform }) => platform === 'node').map(({ file }) => file);

/** Names of what Redis keeps, as far as no answer and no option has them. */
const RECORDS = [
  heartbeatSchema,
  runSchema,
  jobRequestSchema,
  uploadSchema,
  webhookAttemptSchema,
  windowResultSchema,
].flatMap(fieldsOf);

describeWith(await npmRegistry(), 'the package, installed by somebody else', () => {
  let folder: string;
  let service: Service;
  let packedFiles: string[];
  let bundle: Bundle;

  beforeAll(async () => {
    folder = await temporaryFolder('client');
    packedFiles = await makeProject(folder);
    service = await startService();
    for (const example of examples) await writeFile(join(folder, example.file), here(example));
    await speak(SAID, { voice: 'en-us', speed: 130, path: join(folder, 'talk.wav') });
    await speak(ANSWERED, { voice: 'en-us', speed: 130, path: join(folder, 'answer.wav') });
  });
  afterAll(async () => {
    await service?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const here = ({ code }: Example): string => code.replaceAll('http://127.0.0.1:8000', service.url);

  it('has what it needs and no more', async () => {
    expect(packedFiles).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.d.ts']));
    expect(packedFiles.filter((path) => path.startsWith('src/') || path.includes('.test.'))).toEqual([]);
    const texts = await Promise.all(
      packedFiles.map((path) => readFile(join(folder, 'node_modules/@sotto/client', path), 'utf8')),
    );
    expect(recordsIn(texts.join('\n'))).toEqual([]);
  });

  it("compiles in the strictest project: the README's programs, for Node and for browsers", async () => {
    for (const platform of ['node', 'browser'] as const) {
      await compile(
        folder,
        platform,
        examples.filter((example) => example.platform === platform).map(({ file }) => file),
      );
    }
  });

  it.each(ofNode)("does in Node what the README's %s says", async (file) => {
    const program = join('built', file.replace(/\.ts$/, '.js'));
    const printed = await mustRun(process.execPath, [program], { cwd: folder });
    expect(printed.toString('utf8')).toContain(PRINTED[file] ?? SAID);
  });

  it('becomes a bundle for browsers that is small and free of what only the service knows', async () => {
    bundle = await bundleForBrowser(folder, 'page.ts');
    expect(recordsIn(bundle.code)).toEqual([]);
    const packages = bundle.modules.map((path) => path.replace(/^((@[^/]+\/)?[^/]+).*/, '$1'));
    expect([...new Set(packages)].sort()).toEqual(['@sotto/client', 'eventsource-parser', 'zod']);
    expect(bundle.gzippedBytes).toBeLessThan(52_000);
  });

  it('does in a page what the README says', async () => {
    const recording = (await readFile(join(folder, 'talk.wav'))).toString('base64');
    const seen = await runAsPage(
      folder,
      bundle.code,
      service.url,
      `const lines = [];
       const bytes = Uint8Array.from(atob('${recording}'), (character) => character.charCodeAt(0));
       const { text } = await page.transcribe(new File([bytes], 'talk.wav'), (line) => lines.push(line));
       return { text, lines };`,
    );
    expect(seen).toEqual({ text: SAID, lines: expect.arrayContaining([` ${SAID}`]) });
  });
});

/** Top-level fields of a record, of each kind where it has kinds, in names that only our own code has. */
function fieldsOf(schema: z.ZodType): string[] {
  const { properties, anyOf, oneOf } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  const kinds = [{ properties }, ...(anyOf ?? []), ...(oneOf ?? [])];
  const names = kinds.flatMap((kind) => Object.keys((typeof kind === 'object' && kind.properties) || {}));
  return names.filter((name) => /[A-Z]/.test(name));
}

function recordsIn(text: string): string[] {
  return RECORDS.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
}
