import type { SottoClient } from '@sotto/client';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts';
import type { ServiceOptions } from '../options/service.ts';
import { readSettings, type Settings } from '../settings.ts';
import { survivesClosedOutput } from '../terminal/output.ts';
import { listenForStop } from '../terminal/stop-signals.ts';
import { clientFor, connect } from './connect.ts';
import type { Connection, StartService } from './connection.ts';
import { isNoAnswer, reasonOf } from './refusal.ts';
import { addressOfRunning, noAnswer } from './service-address.ts';

/**
 * Works with the service that is named or runs here, else with a temporary one, which is gone afterwards.
 * @returns what `work` gives, or `interrupted` for whatever it throws once the user wants to stop
 */
export async function withConnection<T>(
  { startService, ...options }: ServiceOptions & { startService: StartService | null },
  interrupted: T,
  work: (connection: Connection, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const connection: { current: Connection | null } = { current: null };
  const stop = listenForStop(() => connection.current?.kill());
  try {
    connection.current = await connect(options.server, settingsFor(options), stop.signal, startService);
    return await work(connection.current, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return interrupted;
    throw error;
  } finally {
    await connection.current?.stop();
    stop.release();
  }
}

/** Works with a service that runs already. */
export async function withClient(
  options: ServiceOptions,
  work: (client: SottoClient, signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  survivesClosedOutput();
  const stop = listenForStop(() => {});
  const settings = settingsFor(options);
  const address = await addressOfRunning(options.server, settings);
  try {
    return await work(clientFor(address, settings), stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return EXIT.interrupted;
    const cause = error instanceof CommandError ? error.cause : error;
    if (isNoAnswer(cause)) throw noAnswer(address, cause);
    if (error instanceof CommandError) throw error;
    throw new CommandError(reasonOf(error), EXIT.failed, { cause: error });
  } finally {
    stop.release();
  }
}

function settingsFor(options: ServiceOptions): Settings {
  const settings = readSettings(process.env);
  return { ...settings, apiKey: options.apiKey ?? settings.apiKey };
}
