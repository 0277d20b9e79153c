/** A process of its own for engine-build.test.ts: what happens to a model when its process ends. */
import { WhisperModel } from '../src/index.ts';
import { nanoPath } from './engine-fixtures.ts';

const model = await WhisperModel.load(await nanoPath(), { device: 'cpu', slots: 2, threads: 1 });
await model.transcribe(new Int16Array(16_000), { language: 'en' });
if (process.argv[2] === 'exit') {
  const leave = { onProgress: () => process.exit(7) };
  await Promise.all([1, 2, 3].map(() => model.transcribe(new Int16Array(480_000).fill(500), {}, leave)));
}
