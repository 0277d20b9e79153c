import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections, which could take one between our look and its use. */
const FIRST_PORT = 10_240;
const END_PORT = 32_768;
const COUNT = END_PORT - FIRST_PORT;
/** The test environment (jest/environment.js) gives them back when the test file ends. */
const CLAIMS = Symbol.for('sotto.testkit.ports');

let step = randomInt(COUNT);

/**
 * A TCP port on the loopback on which nobody listens, and that no other caller is given, in whichever process, until
 * this test file (elsewhere: this process) ends. The UDP port of that number is held meanwhile: the system lets one
 * process have it, and takes it back from one that dies.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries += 1) {
    step = (step + 1) % COUNT;
    const port = FIRST_PORT + step;
    const claim = await claimOf(port);
    if (claim === null) continue;
    if (await isFree(port)) {
      const holder = globalThis as { [CLAIMS]?: Set<Socket> };
      holder[CLAIMS] ??= new Set();
      holder[CLAIMS].add(claim);
      return port;
    }
    claim.close();
  }
  throw new Error(`No port between ${FIRST_PORT} and ${END_PORT} is free.`);
}

/** null: somebody else has it. */
function claimOf(port: number): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      if (isTaken(error)) resolve(null);
      else reject(error);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(socket));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (isTaken(error) ? resolve(false) : reject(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const isTaken = ({ code }: NodeJS.ErrnoException): boolean => code === 'EADDRINUSE' || code === 'EACCES';
