import type { SottoClient } from '@sotto/client';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { ServiceOptions } from '../options/service.ts';
import { note } from '../terminal/output.ts';
import { reasonOf } from './refusal.ts';
import { withClient } from './with-connection.ts';

/** One that cannot be had does not keep the others from being tried. */
export function eachId(
  ids: readonly string[],
  options: ServiceOptions,
  work: (client: SottoClient, id: string, signal: AbortSignal) => Promise<void>,
): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    let failed = 0;
    for (const id of ids) {
      try {
        await work(client, id, signal);
      } catch (error) {
        signal.throwIfAborted();
        note(`${id}: ${reasonOf(error)}`);
        failed += 1;
      }
    }
    return failed === 0 ? EXIT.ok : EXIT.failed;
  });
}
