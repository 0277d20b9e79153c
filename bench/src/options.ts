/** What a suite is asked for beside its name. */
export interface BenchOptions {
  /** `--small`: sizes that show that it runs, in seconds; the figures say little. */
  isSmall: boolean;
  /** `--against DIR`: another checkout, with its packages installed. null: none was named. */
  against: string | null;
  /** `--sherpa DIR`: the speaker model's networks as sherpa-onnx takes them. null: none was named. */
  sherpa: string | null;
  /** `--minutes N`: how long a suite that only lasts goes on. null: its own length. */
  minutes: number | null;
  /** `--pages N`: how long a book is. undefined: as long as its suite says. */
  pages?: number;
}

/** @throws Error that names what is not known. */
export function readOptions(args: readonly string[], suites: readonly string[]): BenchRequest {
  const request: BenchRequest = { isSmall: false, against: null, sherpa: null, minutes: null, out: null, suites: [] };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--small') request.isSmall = true;
    else if (arg === '--against') request.against = textAfter(arg, rest);
    else if (arg === '--sherpa') request.sherpa = textAfter(arg, rest);
    else if (arg === '--minutes') request.minutes = numberAfter(arg, rest);
    else if (arg === '--pages') request.pages = numberAfter(arg, rest);
    else if (arg === '--out') request.out = textAfter(arg, rest);
    else if (suites.includes(arg)) request.suites.push(arg);
    else throw new Error(`No such suite: ${arg}. There are: ${suites.join(', ')}.`);
  }
  return request;
}

interface BenchRequest extends BenchOptions {
  /** File for the tables, beside stdout. */
  out: string | null;
  /** Empty: all that can run. */
  suites: string[];
}

function textAfter(name: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined) throw new Error(`${name} needs a value.`);
  return value;
}

function numberAfter(name: string, rest: string[]): number {
  const value = Number(textAfter(name, rest));
  if (!(value > 0)) throw new Error(`${name} needs a number above 0.`);
  return value;
}
