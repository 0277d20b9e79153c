import type { Writable } from 'node:stream';
import winston from 'winston';
import { type LogFields, logFieldsHere } from './log-context.ts';
import { LOG_LEVELS, type LogLevel } from './log-levels.ts';
import { logLine } from './log-line.ts';
import { traceId } from './tracing.ts';

export interface Logger {
  critical(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A logger whose lines carry these fields too. */
  child(fields: LogFields): Logger;
}

/** The one that a process begins with: its level, and that of all its children, can change. */
export interface RootLogger extends Logger {
  setLevel(level: LogLevel): void;
}

export interface LoggerOptions {
  service: string;
  level: LogLevel;
  /** Where lines go; standard output unless given. */
  destination?: Writable;
}

/** JSON lines, one object each, as the owner's specification (11.2) shows them. */
export function createLogger(options: LoggerOptions): RootLogger {
  const { service, destination = process.stdout } = options;
  outliveReader(destination);
  const sink = winston.createLogger({
    levels: Object.fromEntries(LOG_LEVELS.map((level, gravity) => [level, gravity])),
    level: options.level,
    format: winston.format.printf(({ message }) => String(message)),
    transports: [new winston.transports.Stream({ stream: destination })],
  });
  const write = (level: LogLevel, message: string, fields: LogFields): void => {
    if (!sink.isLevelEnabled(level)) return;
    const id = traceId();
    const trace = id === undefined ? {} : { traceId: id };
    sink.log(level, logLine({ service, level, message, fields: { ...trace, ...logFieldsHere(), ...fields } }));
  };
  const setLevel = (level: LogLevel): void => {
    sink.level = level;
  };
  return { ...loggerOver(write, {}), setLevel };
}

const outlived = new WeakSet<Writable>();

/**
 * A log whose reader is gone must neither end the process nor keep it from ending: unhandled, EPIPE would be an
 * uncaught error, and logging that would be the next EPIPE.
 */
function outliveReader(destination: Writable): void {
  if (outlived.has(destination)) return;
  outlived.add(destination);
  destination.on('error', () => {});
}

type Write = (level: LogLevel, message: string, fields: LogFields) => void;

function loggerOver(write: Write, bound: LogFields): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      write(level, message, { ...bound, ...fields });
  return {
    critical: at('CRITICAL'),
    error: at('ERROR'),
    warning: at('WARNING'),
    info: at('INFO'),
    debug: at('DEBUG'),
    child: (fields) => loggerOver(write, { ...bound, ...fields }),
  };
}

/** For tests and tools that must stay quiet. */
export const silentLogger: Logger = loggerOver(() => {}, {});
