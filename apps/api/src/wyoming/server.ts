import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SottoError } from '@sotto/contracts';
import type { Fleet } from '@sotto/queue';
import type { AuditLog } from '../audit/audit-log.ts';
import type { ApiDeps } from '../deps.ts';
import { WorkerDirectory } from '../fleet/worker-directory.ts';
import { type KeyPrincipalDeps, principalOf } from '../http/key-principal.ts';
import { ANONYMOUS, type Principal } from '../http/principal.ts';
import { LiveService } from '../live/live-service.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { converse } from './conversation.ts';
import { infoOf } from './info.ts';

/** Home Assistant has a connection for each voice command; more are closed at once. */
const MAX_CONNECTIONS = 200;

export interface WyomingDeps extends KeyPrincipalDeps {
  settings: KeyPrincipalDeps['settings'] & Pick<ApiSettings, 'keysEnabled' | 'version' | 'wyomingKey'>;
  live: Pick<LiveService, 'open'>;
  directory: { fleet(): Promise<Pick<Fleet, 'models'>> };
  auditLog: Pick<AuditLog, 'record'>;
  onError(error: SottoError): void;
}

export interface OpenWyoming {
  /** `tcp://127.0.0.1:10300`. */
  address: string;
  close(): Promise<void>;
}

/** Speaks Wyoming (OHF-Voice/wyoming) over TCP, which knows no keys: what is done here is done with WYOMING_API_KEY. */
export async function openWyoming(
  { host, port }: { host: string; port: number },
  deps: WyomingDeps,
): Promise<OpenWyoming> {
  const sockets = new Set<Socket>();
  const conversations = new Set<Promise<void>>();
  // A client may close its side behind audio-stop, and still wants the transcript.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const conversation = serve(socket, deps).finally(() => conversations.delete(conversation));
    conversations.add(conversation);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, host);
  await once(server, 'listening');
  const { address, port: actual, family } = server.address() as AddressInfo;
  return {
    address: `tcp://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.allSettled([closed, ...conversations]);
    },
  };
}

async function serve(socket: Socket, deps: WyomingDeps): Promise<void> {
  const { live, directory, settings, onError } = deps;
  const principal = await callerOf(deps).catch((error: unknown) => error as SottoError);
  // Without the queue there is nothing to describe, and audio is refused when it comes.
  const fleet = await directory.fleet().catch(() => ({ models: [] }));
  const refusing = { open: () => Promise.reject(principal) };
  const isKnown = !(principal instanceof Error);
  const address = socket.remoteAddress ?? null;
  const audited: typeof live = {
    open: async (...asked) => {
      const connection = await live.open(...asked);
      noteSession(connection.id, asked[0], address, deps);
      return connection;
    },
  };
  await converse(socket, {
    live: isKnown ? audited : refusing,
    principal: isKnown ? principal : ANONYMOUS,
    info: infoOf(fleet, settings.version),
    onError,
  });
}

/** As the other doors are noted, which speak HTTP. */
function noteSession(
  sessionId: string,
  { keyId }: Principal,
  address: string | null,
  { auditLog }: Pick<WyomingDeps, 'auditLog'>,
): void {
  const nothing = { status: null, error: null, user_agent: null };
  const about = { key_id: keyId, target: sessionId, method: 'TCP', path: 'wyoming', address, request_id: sessionId };
  auditLog.record({ time: new Date().toISOString(), action: 'live.open', ...about, ...nothing });
}

/** @throws SottoError `forbidden` when WYOMING_API_KEY is not good any more, `queue_unavailable` */
async function callerOf(deps: WyomingDeps): Promise<Principal> {
  const { keysEnabled, wyomingKey } = deps.settings;
  if (!keysEnabled || wyomingKey === null) return ANONYMOUS;
  const known = await principalOf(wyomingKey, deps);
  if (known?.scopes.includes('transcribe')) return known;
  throw new SottoError('forbidden', 'WYOMING_API_KEY is not a key that may transcribe.');
}

export function wyomingDeps(deps: ApiDeps): WyomingDeps {
  const directory = new WorkerDirectory(deps.heartbeats);
  const live = new LiveService({ ...deps, directory, sessions: deps.liveSessions, events: deps.liveEvents });
  const onError = (error: SottoError) => deps.logger.error('A Wyoming connection failed', { code: error.code, error });
  return { ...deps, directory, live, onError };
}
