import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';

export interface Call {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A client's own server: keeps what it is sent, and answers as told. */
export class Receiver {
  readonly calls: Call[] = [];
  readonly #server: Server;
  #answers: { status: number; headers?: Record<string, string> }[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        const { status, headers } = receiver.#answers.shift() ?? { status: 204 };
        response.writeHead(status, headers).end();
      });
    });
    const receiver = new Receiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?token=1`;
  }

  /** The next calls are answered so, those after them with 204. */
  answer(...answers: { status: number; headers?: Record<string, string> }[]): void {
    this.#answers = answers;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
