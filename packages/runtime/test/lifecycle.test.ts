import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('./lifecycle-process.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Line {
  level: string;
  message: string;
  error?: { message: string };
}

class Subject {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(mode: string, channel: 'ipc' | 'ignore' = 'ignore') {
    const parameters = ['--import', 'tsx', '--conditions=@sotto/source', script, mode];
    this.child = spawn(process.execPath, parameters, {
      stdio: ['ignore', 'pipe', 'inherit', channel],
      env: { PATH: process.env.PATH },
    });
    children.push(this.child);
    if (this.child.stdout === null) throw new Error('the child has no output');
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Reads lines until this message. */
  async says(message: string | RegExp): Promise<Line> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`it never said ${message}`);
      const line: Line = JSON.parse(value);
      if (typeof message === 'string' ? line.message === message : message.test(line.message)) return line;
    }
  }

  async exit(): Promise<[number | null, string | null]> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return [child.exitCode, child.signalCode];
  }
}

describe('a process with a Lifecycle', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('closes all and leaves with 0 on %s', async (signal) => {
    const subject = new Subject('clean');
    await subject.says('up');
    subject.child.kill(signal);
    await subject.says('stopping');
    await subject.says('server closed');
    await subject.says('stopped');
    expect(await subject.exit()).toEqual([0, null]);
  });

  it('closes the rest and leaves with 1 when a close fails', async () => {
    const subject = new Subject('fails');
    await subject.says('up');
    subject.child.kill('SIGTERM');
    expect(await subject.says('queue did not close cleanly')).toMatchObject({ error: { message: 'no way' } });
    await subject.says('server closed');
    expect(await subject.exit()).toEqual([1, null]);
  });

  it.each(['throws', 'rejects'])('closes all and leaves with 1 when something %s', async (mode) => {
    const subject = new Subject(mode);
    expect(await subject.says(/was not handled/)).toMatchObject({ level: 'CRITICAL' });
    await subject.says('server closed');
    expect(await subject.exit()).toEqual([1, null]);
  });

  it('says what keeps it up, then ends itself', async () => {
    const subject = new Subject('hangs');
    await subject.says('up');
    subject.child.kill('SIGTERM');
    expect((await subject.says(/^still running/)).message).toContain('1 listening server');
    await subject.says(/^ended by force: .*listening server/);
    expect(await subject.exit()).toEqual([1, null]);
  });

  it('ends at once on a second SIGINT, not on a SIGTERM after one', async () => {
    const subject = new Subject('slow');
    await subject.says('up');
    subject.child.kill('SIGINT');
    await subject.says('stopping');
    subject.child.kill('SIGTERM');
    await subject.says('still waiting for upload to close');
    subject.child.kill('SIGINT');
    expect(await subject.exit()).toEqual([130, null]);
  });

  it('ends when its launcher is gone', async () => {
    const subject = new Subject('clean', 'ipc');
    await subject.says('up');
    subject.child.disconnect();
    await subject.says('stopped');
    expect(await subject.exit()).toEqual([0, null]);
  });

  it.each(['ipc', 'ignore'] as const)(
    'stops in good order when nobody reads its log any more (%s)',
    async (channel) => {
      const subject = new Subject('clean', channel);
      await subject.says('up');
      subject.child.stdout?.destroy();
      if (channel === 'ipc') subject.child.disconnect();
      else subject.child.kill('SIGTERM');
      expect(await subject.exit()).toEqual([0, null]);
    },
  );
});
