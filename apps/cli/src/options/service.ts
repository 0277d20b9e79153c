import type { Command } from 'commander';

/** Which service, and by which key. */
export interface ServiceOptions {
  server?: string;
  apiKey?: string;
}

/** `-s`, `--api-key`: which service. */
export function addServiceOptions(command: Command): Command {
  return command
    .option('-s, --server <url>', 'a running service (also SOTTO_SERVER)')
    .option('--api-key <key>', 'key for it (also API_KEY)');
}
