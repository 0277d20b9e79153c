import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { watchProcess } from './watched.ts';

export interface ChildOptions {
  /** For messages and the heading of its log. */
  name: string;
  command: string;
  args: string[];
  /** The whole environment: nothing is inherited but what `baseEnvironment` lists. */
  env?: Record<string, string>;
  cwd: string;
  /** What it reads from standard input; absent: nothing. */
  input?: Readable | undefined;
  /** Who it runs as; absent: as this process. */
  user?: { uid: number; gid: number };
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

interface Line {
  from: 'stdout' | 'stderr';
  text: string;
}

const textOf = (lines: readonly Line[]): string => lines.map(({ text }) => text).join('\n');

const LOG_LINES_KEPT = 2_000;
const TAIL_COLUMNS = 400;
const STOP_GRACE_MS = 20_000;
const INHERITED = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TMPDIR', 'XDG_CACHE_HOME', 'SOTTO_TEST_CACHE'];

/** What every child gets of this process's environment: enough to find programs, nothing that configures Sotto. */
export function baseEnvironment(): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const folder = process.env.SOTTO_COVERAGE_DIR;
  return { ...Object.fromEntries(inherited), ...(folder !== undefined && { NODE_V8_COVERAGE: folder }) };
}

/**
 * One spawned process with the tail of its output. running -> ended; `exit` is null until it has ended. Always addressed
 * by its own pid.
 */
export class Child {
  readonly name: string;
  readonly pid: number;
  /** Settles once, when the process is gone and its output is read to the end. */
  readonly ended: Promise<Exit>;
  exit: Exit | null = null;
  private readonly process: ChildProcess;
  private readonly lines: Line[] = [];

  private constructor(name: string, child: ChildProcess, pid: number) {
    this.name = name;
    this.process = child;
    this.pid = pid;
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.exit = { code, signal };
        resolve(this.exit);
      });
    });
    for (const from of ['stdout', 'stderr'] as const) {
      const stream = child[from];
      if (stream !== null) createInterface({ input: stream }).on('line', (text) => this.remember({ from, text }));
    }
  }

  /** Rejects when the program cannot be started at all. */
  static async start({ name, command, args, env = {}, cwd, input, user }: ChildOptions): Promise<Child> {
    const child = spawn(command, args, {
      cwd,
      env: { ...baseEnvironment(), ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...user,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => reject(new Error(`${name}: ${command} cannot be started.`, { cause })));
    });
    // It may end before it has read everything.
    if (input !== undefined && child.stdin !== null) input.pipe(child.stdin.on('error', () => {}));
    if (child.pid === undefined) throw new Error(`${name}: ${command} has no pid.`);
    const started = new Child(name, child, child.pid);
    watchProcess(started);
    return started;
  }

  /** The last lines of stdout and stderr, in the order they came. */
  get output(): string {
    return textOf(this.lines);
  }

  get stdout(): string {
    return textOf(this.lines.filter(({ from }) => from === 'stdout'));
  }

  get stderr(): string {
    return textOf(this.lines.filter(({ from }) => from === 'stderr'));
  }

  signal(signal: NodeJS.Signals): void {
    if (this.exit === null) this.process.kill(signal);
  }

  /** SIGKILL, as a power cut would. */
  async kill9(): Promise<Exit> {
    this.signal('SIGKILL');
    return this.ended;
  }

  /** SIGTERM; a process that is still there after the grace is killed, and that is an error. */
  async stop(graceMs = STOP_GRACE_MS): Promise<Exit> {
    if (this.exit !== null) return this.exit;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.signal('SIGKILL');
    }, graceMs);
    this.signal('SIGTERM');
    const exit = await this.ended;
    clearTimeout(timer);
    if (late)
      throw new Error(`${this.name} (pid ${this.pid}) was still there ${graceMs} ms after SIGTERM.\n${this.tail()}`);
    return exit;
  }

  tail(lines = 60): string {
    return textOf(this.lines.slice(-lines).map(({ from, text }) => ({ from, text: text.slice(0, TAIL_COLUMNS) })));
  }

  private remember(line: Line): void {
    this.lines.push(line);
    if (this.lines.length > LOG_LINES_KEPT) this.lines.shift();
  }
}

/** Whether a process with this pid runs; a zombie that nobody has reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

/** Linux only, from the field behind the command name in /proc/PID/stat (proc(5)). */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
