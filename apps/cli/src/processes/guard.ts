import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads lists of pids, one line each, the last one counts. When its input ends, whoever wrote to it is gone, however it
 * went: what is on the list gets SIGTERM, and SIGKILL (with its children: each leads a process group) 10 s later.
 */
const SCRIPT = `
pids=''
while IFS= read -r line; do pids=$line; done
[ -n "$pids" ] || exit 0
for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done
rounds=0
while [ $rounds -lt 50 ]; do
  left=''
  for pid in $pids; do kill -0 "$pid" 2>/dev/null && left=1; done
  [ -n "$left" ] || exit 0
  sleep 0.2
  rounds=$((rounds + 1))
done
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null; done
`;

/**
 * A small shell in a session of its own that ends our processes if we are killed before we can. `watch` tells it what
 * runs; `close` lets it go. It never outlives us: its input is a pipe that only we hold.
 */
export class Guard {
  private readonly shell: ChildProcess;

  constructor() {
    this.shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    // Without a guard everything works but the last resort; a write after its end must not end us.
    this.shell.on('error', () => {});
    this.shell.stdin?.on('error', () => {});
    this.shell.unref();
  }

  watch(pids: readonly number[]): void {
    this.shell.stdin?.write(`${pids.join(' ')}\n`);
  }

  close(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.shell.exitCode !== null || this.shell.pid === undefined) resolve();
      else this.shell.once('close', () => resolve());
    });
    this.shell.ref();
    this.watch([]);
    this.shell.stdin?.end();
    return gone;
  }
}
