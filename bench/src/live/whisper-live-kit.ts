import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Child, freePort, temporaryFolder, waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { fasterWhisper } from '../engine/faster-whisper.ts';
import { pythonEnvironment } from '../python-environment.ts';
import { CHUNK_MS, chunksOf } from './speak.ts';
import type { Snapshot } from './word-delays.ts';

export const WHISPER_LIVE_KIT = '0.2.26';
const START_TIMEOUT_MS = 120_000;
const REST_TIMEOUT_MS = 120_000;

interface Message {
  type?: string;
  lines?: { text?: string }[];
  buffer_transcription?: string;
}

/** QuentinFuxa/WhisperLiveKit on this machine: LocalAgreement over faster-whisper, with the weights that Sotto's tiny.en is made of. */
export class WhisperLiveKit {
  readonly #server: Child;
  readonly #port: number;

  private constructor(server: Child, port: number) {
    this.#server = server;
    this.#port = port;
  }

  /** @throws Error that says what is missing */
  static async start(): Promise<WhisperLiveKit> {
    const weights = await fasterWhisper();
    if ('skipped' in weights) throw new Error(weights.skipped);
    const name = `whisperlivekit-${WHISPER_LIVE_KIT}`;
    const python = await pythonEnvironment(name, [[`whisperlivekit==${WHISPER_LIVE_KIT}`]]);
    const [folder, port] = await Promise.all([temporaryFolder('whisperlivekit'), freePort()]);
    const backend = ['--backend', 'faster-whisper', '--backend-policy', 'localagreement'];
    const model = ['--model', 'tiny.en', '--model-path', weights.value.model, '--lan', 'en', '--warmup-file', ''];
    const server = await Child.start({
      name: 'WhisperLiveKit',
      command: python,
      args: ['-m', 'whisperlivekit.basic_server', '--port', String(port), '--pcm-input', ...backend, ...model],
      env: { HOME: folder, HF_HUB_OFFLINE: '1' },
      cwd: folder,
    });
    const isReady = async () => server.exit !== null || (await fetch(`http://127.0.0.1:${port}/health`)).ok;
    await waitFor(isReady, { what: 'WhisperLiveKit', timeoutMs: START_TIMEOUT_MS, intervalMs: 200 });
    if (server.exit !== null) throw new Error(`WhisperLiveKit does not start.\n${server.tail()}`);
    return new WhisperLiveKit(server, port);
  }

  /** Says samples at their own pace. Each message has the whole text so far. */
  async speak(samples: Int16Array): Promise<Snapshot[]> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/asr`);
    await once(socket, 'open');
    const told: Snapshot[] = [];
    const beganMs = performance.now();
    const over = new Promise<void>((resolve, reject) => {
      socket.on('message', (data) => {
        const { type, lines, buffer_transcription: open = '' } = JSON.parse(String(data)) as Message;
        if (type === 'ready_to_stop') resolve();
        if (lines === undefined) return;
        const final = lines.map(({ text = '' }) => text).join(' ');
        told.push({ atMs: performance.now() - beganMs, final, shown: `${final} ${open}` });
      });
      socket.once('close', () => reject(new Error('WhisperLiveKit has closed the connection.')));
    });
    over.catch(() => {});
    for (const [index, chunk] of [...chunksOf(samples)].entries()) {
      await delay(Math.max(0, beganMs + (index + 1) * CHUNK_MS - performance.now()));
      socket.send(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
    // Nothing means that no more comes.
    socket.send(Buffer.alloc(0));
    await Promise.race([over, delay(REST_TIMEOUT_MS, null, { ref: false })]);
    socket.terminate();
    return told;
  }

  async close(): Promise<void> {
    await this.#server.kill9();
  }
}
