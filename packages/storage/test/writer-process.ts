import { createHash, randomBytes } from 'node:crypto';
import { SottoError } from '@sotto/contracts';
import { FileBlobStore } from '../src/index.ts';

/** Run by the tests as a process of its own, to be killed: `writer-process.ts half|loop|once FOLDER`. */
const [mode, folder = ''] = process.argv.slice(2);
const store = new FileBlobStore(folder);

async function writeOne(bytes: number): Promise<string> {
  const body = randomBytes(bytes);
  const writer = await store.createWriter('uploads');
  try {
    await writer.write(createHash('sha256').update(body).digest());
    for (let at = 0; at < body.length; at += 16_384) await writer.write(body.subarray(at, at + 16_384));
    return (await writer.commit()).key;
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

if (mode === 'half') {
  const writer = await store.createWriter('uploads');
  await writer.write(randomBytes(1000));
  console.log('half written');
  setInterval(() => {}, 1_000);
} else if (mode === 'loop') {
  for (;;) console.log(await writeOne(100_000));
} else {
  console.log(await writeOne(1_000_000).catch((error) => (error instanceof SottoError ? error.code : String(error))));
}
