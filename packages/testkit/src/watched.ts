/** What the test environment (jest/environment.js) needs of a process to show its log or to end it. */
export interface WatchedProcess {
  name: string;
  pid: number;
  exit: unknown;
  tail(lines?: number): string;
}

const REGISTRY = Symbol.for('sotto.testkit.processes');

/**
 * Registers a process with the test environment: when a test fails, the tail of its log is printed; when the test file
 * ends and the process is still there, it is ended by its pid and the file fails.
 */
export function watchProcess(process: WatchedProcess): void {
  const holder = globalThis as { [REGISTRY]?: Set<WatchedProcess> };
  holder[REGISTRY] ??= new Set();
  holder[REGISTRY].add(process);
}
