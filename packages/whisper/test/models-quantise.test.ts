import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { describeWith, tinyEnModelDir } from '@sotto/testkit';
import { checkGgmlFile } from '../src/models/ggml-file.ts';
import { importModel } from '../src/models/import/import-model.ts';
import { QUANTISATIONS } from '../src/models/import/quantise.ts';
import { nanoPath } from './engine-fixtures.ts';
import { SMALL, temporaryFolder } from './models-fixtures.ts';
import { ggmlContent, hfFolder, noiseContent } from './models-hf-fixtures.ts';

jest.setTimeout(120_000);

/** What whisper.cpp's own quantize program (examples/quantize, 1.9.1) makes of the importer's float16 files. */
const UPSTREAM = {
  nano: {
    q8_0: 'cfcf26cc8ade5a2322f2943635f4f69f3b595604fa3d6b2de2844e2891d837e3',
    q5_0: '9f663e019e230d5311c2be6055907bbce4c049319a430710c5f776b4cfb91aa2',
    q5_1: '397ee7c0aa133d5b655c08880d97b2ebbafb826ca3ba8a1795012b9aab5fb1e9',
  },
  tinyEn: {
    q8_0: 'a5665513822de69789ce1fec8b4b16ce9fd83d624459e851b3c1348a660ed221',
    q5_0: '708172b72ef5145253f7ea22542fd8c1226017a45487c0cf7488b4b7db61abd7',
    q5_1: '678ea7f0106935bbf751b5f7747151c4704068010815f61c683b4e3d1bc4ade5',
  },
};

// Compilers for other processors may fuse a product and a sum, and so round once less.
const onX64 = process.arch === 'x64' ? it : it.skip;

describe('a model that is quantised while it is imported', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await hfFolder(await ggmlContent(await nanoPath()), { dtype: 'F32' });
  });

  onX64.each(QUANTISATIONS)("to %s, is upstream's file, byte for byte", async (quantize) => {
    const model = await importModel(folder, { name: 'mine', modelDir: await temporaryFolder(), quantize });
    expect(model).toMatchObject({ precision: quantize, digest: UPSTREAM.nano[quantize] });
    expect((await checkGgmlFile(model.path)).hparams.fileType % 1000).toBe({ q8_0: 7, q5_0: 8, q5_1: 9 }[quantize]);
  });

  it('is refused when its rows do not divide into blocks', async () => {
    const small = await hfFolder(noiseContent(SMALL, 50_256));
    const attempt = importModel(small, { name: 'mine', modelDir: await temporaryFolder(), quantize: 'q8_0' });
    await expect(attempt).rejects.toMatchObject({ detail: expect.stringMatching(/rows of 8 values/) });
  });
});

describeWith(await tinyEnModelDir(), "OpenAI's tiny.en, quantised while it is imported", (modelDir) => {
  let folder: string;

  beforeAll(async () => {
    folder = await hfFolder(await ggmlContent(join(modelDir, 'ggml-tiny.en.bin')));
  });

  onX64.each(QUANTISATIONS)("to %s, is upstream's file", async (quantize) => {
    const model = await importModel(folder, { name: 'mine', modelDir: await temporaryFolder(), quantize });
    expect(model.digest).toBe(UPSTREAM.tinyEn[quantize]);
  });
});
