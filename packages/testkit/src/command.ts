import { execFile } from 'node:child_process';

export interface CommandResult {
  stdout: Buffer;
  stderr: string;
  code: number;
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  timeoutMs?: number;
  /** Who it runs as; absent: as this process. */
  user?: { uid: number; gid: number };
}

/** Runs a program to its end, without a shell. Any exit status resolves; a program that cannot be started rejects. */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      {
        cwd: options.cwd,
        env: options.env ?? process.env,
        timeout: options.timeoutMs ?? 0,
        encoding: 'buffer',
        maxBuffer: MAX_OUTPUT_BYTES,
        ...options.user,
      },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ stdout, stderr: stderr.toString('utf8'), code: error === null ? 0 : Number(error.code) });
      },
    );
  });
}

/** As runCommand; a non-zero exit status rejects with what the program said. */
export async function mustRun(command: string, args: string[], options: CommandOptions = {}): Promise<Buffer> {
  const result = await runCommand(command, args, options);
  if (result.code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${result.code}: ${result.stderr}`);
  return result.stdout;
}

/** ffmpeg without questions and chatter, e.g. `ffmpeg('-i', wav, mp3)`. */
export async function ffmpeg(...args: string[]): Promise<void> {
  await mustRun('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...args]);
}
