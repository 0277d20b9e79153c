/** One of many processes that want the same model: prints each phase it enters, at the end the digest. */
import { installModel } from '../src/models/install.ts';
import { testEntry } from './models-fixtures-entry.ts';

const [modelDir = '', baseUrl = '', bytes = '', sha256 = ''] = process.argv.slice(2);
const entry = testEntry('trial', Number(bytes), [{ kind: 'download', bytes: Number(bytes), sha256 }]);
let phase = '';
const { model } = await installModel(entry, modelDir, {
  baseUrl,
  onProgress: (progress) => {
    if (progress.phase === phase) return;
    phase = progress.phase;
    process.stdout.write(`${phase}\n`);
  },
});
process.stdout.write(`installed ${model.digest}\n`);
