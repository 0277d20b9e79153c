import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections, which could take one between our look and its use. */
const FIRST_PORT = 10_240;
const END_PORT = 32_768;
/** Test files that run side by side take their ports from different lanes: every sixteenth port each. */
const LANES = 16;
const PER_LANE = (END_PORT - FIRST_PORT) / LANES;

let step = randomInt(PER_LANE);

/** A TCP port on the loopback that nobody listened on a moment ago, and that this process has not been given before. */
export async function freePort(lane = Number(process.env.JEST_WORKER_ID ?? 0)): Promise<number> {
  for (let tries = 0; tries < PER_LANE; tries += 1) {
    step = (step + 1) % PER_LANE;
    const port = FIRST_PORT + step * LANES + (lane % LANES);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port between ${FIRST_PORT} and ${END_PORT} is free.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
