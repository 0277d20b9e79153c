import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EspeakEngine } from '../src/index.ts';

export interface AskedSpeech {
  model: string;
  input: string;
  voice: string;
  speed: number;
  response_format: string;
}

type Behaviour = (response: ServerResponse) => void;

/** A server of OpenAI's speech API, with espeak-ng behind it, that misbehaves when it is told to. */
export class SpeechServer {
  readonly asked: AskedSpeech[] = [];
  /** What becomes of the next calls, in order; then of all others. */
  readonly next: Behaviour[] = [];
  always: Behaviour | null = null;
  list: unknown = { voices: [{ id: 'espeak', name: 'Espeak' }, 'espeak-f'] };
  url = '';
  headers: IncomingMessage['headers'] = {};
  /** Calls that were broken off by whoever asked. */
  left = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #engine: EspeakEngine;

  private constructor(engine: EspeakEngine) {
    this.#engine = engine;
  }

  static async start(): Promise<SpeechServer> {
    const server = new SpeechServer(await EspeakEngine.open());
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}/v1`;
    return server;
  }

  get sampleRateHz(): number {
    return this.#engine.sampleRateHz;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#engine.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) this.left += 1;
    });
    this.headers = request.headers;
    if (request.url === '/v1/audio/voices') {
      if (this.list === null) response.writeHead(404).end();
      else response.end(JSON.stringify(this.list));
      return;
    }
    const asked: AskedSpeech = JSON.parse(Buffer.concat(await request.toArray()).toString());
    this.asked.push(asked);
    const behaviour = this.next.shift() ?? this.always;
    if (behaviour !== null) behaviour(response);
    else await this.#speak(asked, response);
  }

  async #speak({ input, voice, speed, response_format }: AskedSpeech, response: ServerResponse): Promise<void> {
    const piece = { text: input, voice, speed, language: 'en-us' };
    const samples = await this.#engine.speak(piece, new AbortController().signal).catch(() => null);
    if (samples === null || samples.length === 0) {
      response.writeHead(400).end('{"error": "nothing to say"}');
      return;
    }
    const pcm = Buffer.from(samples.buffer);
    response.setHeader('content-type', response_format === 'wav' ? 'audio/wav' : 'audio/pcm');
    response.end(response_format === 'wav' ? Buffer.concat([wavHeader(this.sampleRateHz), pcm]) : pcm);
  }
}

/** As a server writes it that does not know the length yet, with a chunk that nobody asked for. */
export function wavHeader(sampleRateHz: number, channels = 1): Buffer {
  const header = Buffer.from('RIFF....WAVELIST\u0003\0\0\0abc\0fmt ................................', 'latin1');
  const at = 24;
  header.writeUInt32LE(0xffff_ffff, 4);
  header.writeUInt32LE(16, at + 4);
  header.writeUInt16LE(1, at + 8);
  header.writeUInt16LE(channels, at + 10);
  header.writeUInt32LE(sampleRateHz, at + 12);
  header.writeUInt16LE(16, at + 22);
  header.write('data', at + 24, 'latin1');
  header.writeUInt32LE(0xffff_ffff, at + 28);
  return header.subarray(0, at + 32);
}
