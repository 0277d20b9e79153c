/** A process that installs voices: prints each phase of each part that it enters. */
import { installVoices } from '../src/index.ts';

const [name = '', dir = ''] = process.argv.slice(2);
let last = '';
await installVoices(name, dir, {
  onProgress: ({ model, phase }) => {
    const line = `${model} ${phase}`;
    if (line === last) return;
    last = line;
    process.stdout.write(`${line}\n`);
  },
});
process.stdout.write('installed\n');
