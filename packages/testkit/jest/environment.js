import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { runInContext } from 'node:vm';
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

const PROCESSES = Symbol.for('sotto.testkit.processes');
const PORTS = Symbol.for('sotto.testkit.ports');
const ANSWERS = Symbol.for('sotto.testkit.answers');
const END_GRACE_MS = 5_000;

/** What the language itself brings, without Date, which a test may replace. */
const LANGUAGE = `
  Array, ArrayBuffer, BigInt, Boolean, Buffer, DataView, Error, JSON, Map, Math, Number, Object, Promise, Proxy,
  RangeError, Reflect, RegExp, Set, String, Symbol, TypeError, WeakMap, WeakSet, BigInt64Array, BigUint64Array,
  Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Uint8Array, Uint8ClampedArray, Uint16Array,
  Uint32Array`;

/**
 * Node's test environment plus care for the processes that the testkit spawns: the tail of their logs is printed when
 * a test fails, and a process that outlives its test file is ended by its pid and fails that file.
 */
export default class ProcessEnvironment extends NodeEnvironment {
  /** Shown once per process and test file: every further failure would repeat the same lines. */
  shown = new Map();

  /**
   * A name that a context does not declare is asked of its global object, which is a proxy: half a microsecond for each
   * `Math.` in a loop. Declared, it costs nothing, as outside of jest.
   */
  async setup() {
    await super.setup();
    runInContext(`const { ${LANGUAGE} } = globalThis;`, this.context);
  }

  async handleTestEvent(event) {
    if (event.name === 'test_done' && event.test.errors.length > 0) this.showLogs(event.test.name);
    if (event.name === 'hook_failure') this.showLogs(event.hook.type);
  }

  async teardown() {
    const left = this.running();
    await Promise.all(left.map(({ pid }) => end(pid)));
    for (const claim of this.global[PORTS] ?? []) claim.close();
    for (const { file } of this.global[ANSWERS]?.recordings ?? []) rmSync(file, { force: true });
    await super.teardown();
    if (left.length === 0) return;
    const names = left.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ');
    throw new Error(`The test file ended and left processes behind: ${names}.`);
  }

  processes() {
    return [...(this.global[PROCESSES] ?? [])];
  }

  running() {
    return this.processes().filter(({ exit }) => exit === null);
  }

  showLogs(failed) {
    for (const process of this.processes()) {
      const tail = process.tail();
      if (tail === '' || this.shown.get(process) === tail) continue;
      this.shown.set(process, tail);
      globalThis.process.stderr.write(
        `\n--- ${process.name} (pid ${process.pid}) when "${failed}" failed ---\n${tail}\n`,
      );
    }
  }
}

async function end(pid) {
  if (!signal(pid, 'SIGTERM')) return;
  const deadline = Date.now() + END_GRACE_MS;
  while (signal(pid, 0)) {
    if (Date.now() > deadline) signal(pid, 'SIGKILL');
    await delay(25);
  }
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
