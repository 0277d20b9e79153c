import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { WyomingReader } from '../../src/wyoming/wire.ts';

type Told = Record<string, unknown> & { type: string };
type Sent = string | Buffer;

/** A client of any live protocol that reads only when it wants to. */
export interface DoorClient {
  readonly told: Told[];
  readonly closed: Promise<unknown>;
  /** Bytes that the service does not take at the moment. */
  readonly waitingBytes: number;
  readonly isClosed: boolean;
  send(message: Sent): void;
  stopReading(): void;
  leave(): void;
}

/** A protocol of live sessions, as far as all of them have it in common. */
export interface Door {
  name: string;
  connect(): Promise<DoorClient>;
  /** Said first: 16 kHz, 16 bits. */
  hello: Sent[];
  audio(pcm: Buffer): Sent;
  /** Said last, and what comes when all of the audio was heard. */
  finish: Sent;
  finished: string;
  textIn(message: Told): string;
}

class SocketClient implements DoorClient {
  readonly told: Told[] = [];
  readonly closed: Promise<unknown>;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.told.push(JSON.parse(String(data)) as Told));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  get isClosed(): boolean {
    return this.#socket.readyState === WebSocket.CLOSED;
  }

  send(message: Sent): void {
    this.#socket.send(message, () => {});
  }

  stopReading(): void {
    this.#socket.pause();
  }

  leave(): void {
    this.#socket.terminate();
  }
}

class TcpClient implements DoorClient {
  readonly told: Told[] = [];
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new WyomingReader();
    socket.on('data', (chunk: Buffer) => {
      this.told.push(...reader.accept(chunk).map(({ type, data }) => ({ ...data, type })));
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  send(message: Sent): void {
    this.#socket.write(message);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  leave(): void {
    this.#socket.destroy();
  }
}

async function webSocket(url: string): Promise<DoorClient> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  const client = new SocketClient(socket);
  await once(socket, 'open');
  return client;
}

/** A Wyoming event. */
export function wyomingEvent(type: string, data: object = {}, payload: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ type, data, payload_length: payload.length })}\n`), payload]);
}

const text = (...parts: unknown[]): string => parts.filter((part) => typeof part === 'string').join(' ');
const AUDIO = { rate: 16_000, width: 2, channels: 1 };
const REALTIME_INPUT = { format: { type: 'audio/pcm', rate: 16_000 } };

/** All of them, of a service without keys. */
export function doorsOf(url: string, wyomingPort: number): Record<'own' | 'openAi' | 'deepgram' | 'wyoming', Door> {
  return {
    own: {
      name: '/live',
      connect: () => webSocket(`${url}/live`),
      hello: [JSON.stringify({ type: 'start', language: 'en' })],
      audio: (pcm) => pcm,
      finish: JSON.stringify({ type: 'end' }),
      finished: 'ended',
      textIn: (message) => text(message.text),
    },
    openAi: {
      name: "OpenAI's",
      connect: () => webSocket(`${url}/v1/realtime`),
      hello: [
        JSON.stringify({
          type: 'session.update',
          session: { type: 'transcription', audio: { input: REALTIME_INPUT } },
        }),
      ],
      audio: (pcm) => JSON.stringify({ type: 'input_audio_buffer.append', audio: pcm.toString('base64') }),
      finish: JSON.stringify({ type: 'input_audio_buffer.clear' }),
      finished: 'input_audio_buffer.cleared',
      textIn: ({ delta, transcript }) => text(delta, transcript),
    },
    deepgram: {
      name: "Deepgram's",
      connect: () => webSocket(`${url}/v1/listen?encoding=linear16&sample_rate=16000&interim_results=true`),
      hello: [],
      audio: (pcm) => pcm,
      finish: JSON.stringify({ type: 'CloseStream' }),
      finished: 'Metadata',
      textIn: ({ channel }) =>
        text(
          ...((channel as { alternatives?: { transcript: string }[] })?.alternatives ?? []).map(
            (one) => one.transcript,
          ),
        ),
    },
    wyoming: {
      name: 'Wyoming',
      connect: async () => {
        const socket = connect(wyomingPort, '127.0.0.1');
        const client = new TcpClient(socket);
        await once(socket, 'connect');
        return client;
      },
      hello: [wyomingEvent('transcribe', { language: 'en' }), wyomingEvent('audio-start', AUDIO)],
      audio: (pcm) => wyomingEvent('audio-chunk', AUDIO, pcm),
      finish: wyomingEvent('audio-stop'),
      finished: 'transcript-stop',
      textIn: (message) => text(message.text),
    },
  };
}
