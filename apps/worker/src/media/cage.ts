import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CAGE_SCRIPT } from './cage-script.ts';

/** What locks ffmpeg in: Landlock and seccomp, set up by a launcher in Python. */
export interface Cage {
  pythonPath: string;
}

/** Isolated and without site packages: it starts in a fraction of the time, and no environment can change it. */
const PYTHON = ['-I', '-S', '-c'];
const PROBE_LIMIT_MS = 20_000;

/** Succeeds only where neither the password file nor a socket can be opened. */
const PROBE = `
import _socket, os
for attempt in (lambda: open('/etc/passwd'), lambda: _socket.socket(2, 1, 0), lambda: os.listdir('/')):
    try:
        attempt()
    except PermissionError:
        continue
    os._exit(1)
`;

/** A command that may read only `mediaPath`, beside the programs of the system, and open no connection. */
export function caged({ pythonPath }: Cage, mediaPath: string, program: string, args: readonly string[]): string[] {
  return [pythonPath, ...PYTHON, CAGE_SCRIPT, mediaPath, program, ...args];
}

/** Tries the cage with a program that wants out, and with ffmpeg. null: it does not hold here, or ffmpeg not in it. */
export async function findCage(pythonPath: string | null, ffmpegPath: string): Promise<Cage | null> {
  if (pythonPath === null) return null;
  const cage = { pythonPath };
  const run = async (program: string, args: readonly string[]) => {
    const [command = '', ...rest] = caged(cage, '/dev/null', program, args);
    await promisify(execFile)(command, rest, { env: {}, timeout: PROBE_LIMIT_MS });
  };
  try {
    await Promise.all([run(pythonPath, [...PYTHON, PROBE]), run(ffmpegPath, ['-version'])]);
    return cage;
  } catch {
    return null;
  }
}
