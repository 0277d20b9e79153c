import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BrokenLine, concat, encodeWav, pause, type Service, speak, startService, waitFor } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { run } from './run.ts';

jest.setTimeout(60_000);

const SAID = 'hello world one two three';

let service: Service;
let home: Home;
let line: BrokenLine;
let path: string;
let bytes: number;
beforeAll(async () => {
  service = await startService();
  home = await makeHome();
  line = await BrokenLine.to(service.url);
  path = join(home.folder, 'long.wav');
  const { samples } = await speak(SAID, { voice: 'en-us', speed: 130 });
  // 19 MB, of which 10 minutes are silence.
  const recording = encodeWav(concat(samples, pause(600_000)));
  bytes = recording.length;
  await writeFile(path, recording);
});
afterAll(async () => {
  await line?.close();
  await service?.close();
  await home?.remove();
});

describe('a large recording for a server far away', () => {
  it('goes on after a broken line, and is no upload to go on with any more when it is done', async () => {
    const sentBefore = line.sentBytes;
    line.cutAfter(5_000_000, 4_000_000);
    const { code, stdout, stderr } = await run(home, ['transcribe', '-s', line.url, path]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: SAID });
    expect(stderr.match(/long\.wav: .*trying again/g)).toHaveLength(2);
    expect(line.sentBytes - sentBefore).toBeLessThan(bytes + 5_000_000);
    expect(await readdir(join(home.folder, 'data', 'uploads'))).toEqual([]);
  });

  it('goes on after an interrupt, by the same command', async () => {
    const sentBefore = line.sentBytes;
    line.holdAt(sentBefore + 12_000_000);
    const child = await home.sotto(['transcribe', '-s', line.url, '--no-cache', path]);
    await waitFor(() => line.sentBytes - sentBefore > 10_000_000, { what: 'half of it to be sent' });
    child.signal('SIGINT');
    const { code } = await child.ended;
    expect(code).toBe(130);
    expect(child.stderr).toContain('The same command continues this upload.');
    line.release();
    const sentAtInterrupt = line.sentBytes;
    const again = await run(home, ['transcribe', '-q', '-s', line.url, path]);
    expect(again).toEqual({ code: 0, stdout: SAID, stderr: '' });
    expect(line.sentBytes - sentAtInterrupt).toBeLessThan(bytes - 8_000_000);
  });
});
