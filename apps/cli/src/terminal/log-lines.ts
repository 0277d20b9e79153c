import { z } from 'zod';

const logLineSchema = z.object({
  timestamp: z.string(),
  level: z.string(),
  message: z.string(),
  error: z.object({ message: z.string() }).loose().optional(),
});

const NAME_WIDTH = 6;

/** A process's line under its name. JSON log lines are shortened for people when `forPeople`; others stay as they are. */
export function prefixed(name: string, line: string, forPeople: boolean): string {
  return `${name.padEnd(NAME_WIDTH)} | ${forPeople ? shortened(line) : line}`;
}

function shortened(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { timestamp, level, message, error } = logLineSchema.parse(JSON.parse(line));
    const time = timestamp.slice('2026-01-01T'.length, '2026-01-01T00:00:00'.length);
    return `${time} ${level.padEnd('WARNING'.length)} ${message}${error === undefined ? '' : `: ${error.message}`}`;
  } catch {
    return line;
  }
}
