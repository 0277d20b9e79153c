import { runTool, type ToolRun } from './run-tool.ts';

export interface PythonRun extends ToolRun {
  /** The program, such as `python3`. */
  python: string;
}

/** Runs Python, without a shell. @throws Error with what Python said last; the signal's reason */
export function runPython(args: readonly string[], run: PythonRun): Promise<void> {
  return runTool(run.python, args, run, problemIn);
}

function problemIn(errors: string): string {
  const lines = errors
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\[notice\]|^WARNING:.*pip version/.test(line));
  const last = lines.at(-1)?.trim() ?? '';
  const absent = /^env: \W*([\w./-]+)\W*: No such file|(No module named pip)/.exec(last);
  if (absent) return `it takes Python 3 with pip: ${absent[1] ? `${absent[1]} is not installed` : absent[2]}`;
  // pip says the same without a network.
  const missing = /No matching distribution found for (\S+==[\w.]+)/.exec(last);
  return missing ? `pip found no ${missing[1]}: no package registry can be reached, or it does not have it` : last;
}
