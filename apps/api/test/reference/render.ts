import { CONTAINERS, ERROR_CATALOG } from '@sotto/contracts';
import { describeEnv, type EnvRow, UNUSED_NAMES } from '@sotto/runtime';
import type { z } from 'zod';
import { commonErrors } from '../../src/http/endpoint.ts';
import { ACCEPTED, type BadInput, FAILED, REFUSED } from './bad-input.ts';

type Schema = z.ZodObject<z.ZodRawShape>;

export interface Processes {
  api: Schema;
  worker: Schema;
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function withSection(page: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`The page has no section ${name}.`);
  return `${page.slice(0, start + open.length)}\n\n${content}\n\n${page.slice(end)}`;
}

function table(heads: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

export function errorTable(): string {
  const rows = Object.entries(ERROR_CATALOG).map(([name, { status, retryable, message }]) => [
    code(name),
    String(status),
    retryable ? 'yes' : 'no',
    message,
  ]);
  return table(['code', 'status', 'worth a retry', 'message'], rows);
}

/** A line for each container that is recognised by its content. */
export function containerTable(): string {
  const known = Object.values(CONTAINERS).filter(({ extensions }) => extensions.length > 0);
  const rows = known.map(({ title, extensions }) => [title, extensions.map(code).join(' ')]);
  return table(['container', 'usual extensions'], rows);
}

export function badInputTable(): string {
  const rows: BadInput[] = [REFUSED, FAILED, ACCEPTED].flatMap((group) => Object.values(group));
  return table(
    ['input', 'status', 'code', ''],
    rows.map(({ input, status, code: error, note = '' }) => [input, String(status), code(error ?? ''), note]),
  );
}

export function anywhereList(): string {
  const everywhere = commonErrors({ method: 'get', access: 'open' });
  const changes = commonErrors({ method: 'post', access: 'key' });
  const keyed = commonErrors({ method: 'get', access: 'key' });
  const work = commonErrors({ method: 'get', access: 'open', createsWork: true });
  const line = (what: string, errors: string[], known: string[] = everywhere) =>
    `${what}: ${errors
      .filter((error) => !known.includes(error))
      .map(code)
      .join(', ')}.`;
  return [
    line('Any call', everywhere, []),
    line('Calls that change something, in addition', changes, keyed),
    line('Calls that create work, in addition', work),
  ].join('\n\n');
}

interface SharedRow extends EnvRow {
  readBy: string;
}

/** Rows of both processes; a name that both read stands once. */
function envRows({ api, worker }: Processes): SharedRow[] {
  const rows = new Map<string, SharedRow>(describeEnv(api).map((row) => [row.name, { ...row, readBy: 'api' }]));
  for (const row of describeEnv(worker)) {
    const known = rows.get(row.name);
    rows.set(row.name, known === undefined ? { ...row, readBy: 'worker' } : merged(known, row));
  }
  return [...rows.values()];
}

function merged(api: SharedRow, worker: EnvRow): SharedRow {
  const isSame = api.description === worker.description;
  const description = isSame ? api.description : `api: ${api.description} worker: ${worker.description}`;
  return { ...api, description, readBy: 'api, worker' };
}

export function configurationTable(processes: Processes): string {
  const rows = envRows(processes).map((row) => [code(row.name), code(row.default), row.readBy, row.description]);
  return table(['name', 'default', 'read by', 'meaning'], rows);
}

/** Names of which something holds, as one sentence of code. */
export function nameList(processes: Processes, holds: (row: EnvRow) => boolean): string {
  return `${envRows(processes)
    .filter(holds)
    .map(({ name }) => code(name))
    .join(', ')}.`;
}

export function unusedTable(): string {
  return table(
    ['name', 'why'],
    Object.entries(UNUSED_NAMES).map(([name, reason]) => [code(name), reason]),
  );
}

/** Every name, commented out with its default: copying the file changes nothing. */
export function envExample(processes: Processes): string {
  const head = [
    '# Copy to .env and uncomment what you change. Names are case-insensitive; the environment of the process wins.',
    '# docs/configuration.md says more.',
  ];
  const entries = envRows(processes).flatMap((row) => ['', `# ${row.description}`, `#${row.name}=${row.default}`]);
  return `${[...head, ...entries].join('\n')}\n`;
}
