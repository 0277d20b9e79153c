/** Exit statuses of every command; shown by `sotto --help`. */
export const EXIT = {
  ok: 0,
  /** At least one recording could not be transcribed, one check failed, one process did not start. */
  failed: 1,
  /** The command line (commander) or the configuration is not valid. */
  usage: 2,
  /** No service answers at the given address, or it refuses access. */
  unreachable: 3,
  /** A file or folder cannot be read. Nothing has been sent then. */
  unreadable: 4,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Takes the exit status of a command that has done its work. */
export type ExitWith = (code: ExitCode) => void;

/** Ends a command: a sentence for stderr and the exit status. Everything else that is thrown is a fault of ours. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.failed, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
