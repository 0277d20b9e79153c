import { type Command, InvalidArgumentError } from 'commander';

/** Which service, and by which key. */
export interface ServiceOptions {
  server?: string;
  apiKey?: string;
}

/** `-s`, `--api-key`: which service. */
export function addServiceOptions(command: Command): Command {
  return command
    .option('-s, --server <url>', 'service to use (default: SOTTO_SERVER, else the one on this machine)', serviceUrl)
    .option('--api-key <key>', 'API key to send (default: API_KEY)');
}

/** Checked before anything else: in `--server talk.mp3` the address was forgotten, not the recording. */
export function serviceUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be the address of a service, such as http://127.0.0.1:8000.');
}
