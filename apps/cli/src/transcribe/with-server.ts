import { readSettings } from '../settings.ts';
import { listenForStop } from '../terminal/stop-signals.ts';
import type { ServiceOptions } from './request.ts';
import { findServer, type Server } from './server.ts';

/**
 * Works with the service asked for, or one of its own, which is gone afterwards.
 * @returns what `work` gives, or `interrupted` for whatever it throws once the user wants to stop
 */
export async function withServer<T>(
  options: ServiceOptions,
  interrupted: T,
  work: (server: Server, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const settings = readSettings(process.env);
  const server: { current: Server | null } = { current: null };
  const stop = listenForStop(() => server.current?.kill());
  try {
    const apiKey = options.apiKey ?? settings.apiKey;
    server.current = await findServer(options.server ?? null, { ...settings, apiKey }, stop.signal);
    return await work(server.current, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return interrupted;
    throw error;
  } finally {
    await server.current?.stop();
    stop.release();
  }
}
