import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a service that can be made to break. */
export class BrokenLine {
  readonly #server: Server;
  #target: URL;
  readonly #sockets = new Set<Socket>();
  /** Bytes that a connection may still send before it is cut, one entry for each cut to come. */
  readonly #cuts: number[] = [];
  #holdAtBytes = Infinity;
  #port = 0;
  /** What went towards the service, over all connections. */
  sentBytes = 0;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((near) => {
      const far = connect(Number(this.#target.port), this.#target.hostname);
      this.#join(near, far);
    });
  }

  static async to(url: string): Promise<BrokenLine> {
    const line = new BrokenLine(new URL(url));
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections break and new ones are refused, until `restore`. */
  async refuse(): Promise<void> {
    this.#port = (this.#server.address() as AddressInfo).port;
    await this.close();
  }

  /** On the same port again. */
  async restore(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
  }

  /** New connections go there; those in use stay where they are. */
  leadTo(url: string): void {
    this.#target = new URL(url);
  }

  /** The connection in use breaks after so many bytes of it, the next one after the next number, and so on. */
  cutAfter(...bytes: number[]): void {
    this.#cuts.push(...bytes);
  }

  /** Nothing more gets through once so many bytes have gone towards the service, until `release`. */
  holdAt(sentBytes: number): void {
    this.#holdAtBytes = sentBytes;
  }

  release(): void {
    this.#holdAtBytes = Infinity;
    for (const socket of this.#sockets) socket.resume();
  }

  /**
   * The host at the other end vanishes without a word: connections in use stay open, and nothing gets through them any
   * more. New ones work.
   */
  strand(): void {
    for (const socket of this.#sockets) socket.unpipe().removeAllListeners('data').pause();
  }

  #join(near: Socket, far: Socket): void {
    let sent = 0;
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (chunk) => {
      sent += chunk.length;
      this.sentBytes += chunk.length;
      if (!far.write(chunk) || this.sentBytes >= this.#holdAtBytes) near.pause();
      const [cut] = this.#cuts;
      if (cut === undefined || sent < cut) return;
      this.#cuts.shift();
      near.destroy();
    });
    far.on('drain', () => {
      if (this.sentBytes < this.#holdAtBytes) near.resume();
    });
    far.pipe(near);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
