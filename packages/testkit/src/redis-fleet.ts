import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Child } from './child.ts';
import { mustRun } from './command.ts';
import { temporaryFolder } from './folders.ts';
import { freePort } from './ports.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { waitFor } from './wait-for.ts';

const MASTER = 'mymaster';

/** Long enough for a machine that is busy: nothing but a dead master may be taken for one. */
const DOWN_AFTER_MS = 2_000;

export interface Sentinel {
  port: number;
  close(): Promise<void>;
}

/** A Sentinel that makes `replica` the master when `master` is dead. It calls it `mymaster`. */
export async function startSentinel(master: RedisServer, replica: RedisServer, port: number): Promise<Sentinel> {
  await replica.client().replicaof('127.0.0.1', master.port);
  const folder = await temporaryFolder('sentinel');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${MASTER} 127.0.0.1 ${master.port} 1`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER} 6000`,
  ];
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, `${settings.join('\n')}\n`);
  const child = await Child.start({
    name: `sentinel:${port}`,
    command: 'redis-server',
    args: [file, '--sentinel'],
    cwd: folder,
  });
  const client = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null, disconnectTimeout: 100 });
  client.on('error', () => {
    // Refused until it listens.
  });
  const close = async () => {
    client.disconnect();
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitFor(async () => hasReplica(await client.call('SENTINEL', 'REPLICAS', MASTER)), {
      what: 'the Sentinel to know a replica that is up to date',
    });
    return { port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Lists of names and values. */
function hasReplica(replicas: unknown): boolean {
  return (replicas as string[][]).some((fields) => fields[fields.indexOf('master-link-status') + 1] === 'ok');
}

/** Three masters without replicas, on the loopback. */
export async function startRedisCluster(): Promise<RedisServer[]> {
  const started = await Promise.allSettled(Array.from({ length: 3 }, () => startNode()));
  const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    const failed = started.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await mustRun('redis-cli', ['--cluster', 'create', ...hosts, '--cluster-replicas', '0', '--cluster-yes']);
    for (const node of nodes) {
      await waitFor(async () => (await node.client().cluster('INFO')).includes('cluster_state:ok'), {
        what: 'the cluster',
      });
    }
    return nodes;
  } catch (error) {
    await Promise.all(nodes.map((node) => node.close()));
    throw error;
  }
}

async function startNode(): Promise<RedisServer> {
  // The usual port of its bus may be one that systems give to outgoing connections.
  const busPort = await freePort();
  return startRedis({ 'cluster-enabled': 'yes', 'cluster-port': String(busPort), 'cluster-node-timeout': '5000' });
}
