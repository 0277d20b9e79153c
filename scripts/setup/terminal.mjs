/** What the setup says to people. All of it goes to stderr: stdout belongs to the command that follows. */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './root.mjs';

const TAIL_LINES = 40;

/** A failure that people can do something about: printed as it is, without a stack. */
export class SetupError extends Error {}

/** For `catch`: a SetupError is told and ends the script; anything else is a fault of ours and keeps its stack. */
export function endOnSetupError(error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exit(1);
}

export const say = (text) => process.stderr.write(`${text}\n`);

export const isInteractive = () => Boolean(process.stdin.isTTY && process.stderr.isTTY && !process.env.CI);

/** Enter means yes. */
export function confirm(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    terminal.once('close', () => resolve(false));
    terminal.question(`${question} [Y/n] `, (answer) => {
      resolve(!/^n/i.test(answer.trim()));
      terminal.close();
    });
  });
}

/** Addresses of package mirrors are nobody's business in a log that may be shared. */
export const withoutAddresses = (text) => text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi, '(address)');

/**
 * One step of the setup: its output goes to a log, a terminal sees one moving line, other readers a line at the start
 * and the end. `progressOf(line)` may turn a line of output into what is shown.
 */
export async function runStep(
  title,
  command,
  args,
  { env = process.env, progressOf = () => null, stdin = 'ignore' } = {},
) {
  const log = join(root, '.sotto/logs', `${title.toLowerCase().replace(/[^a-z]+/g, '-')}.log`);
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, `$ ${[command, ...args].join(' ')}\n`);
  const line = movingLine(title);
  const child = spawn(command, args, { cwd: root, env, stdio: [stdin, 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      appendFileSync(log, `${text}\n`);
      line.show(progressOf(text));
    });
  }
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      appendFileSync(log, `${error.message}\n`);
      resolve(127);
    });
    child.once('close', (status, signal) => resolve(status ?? signal));
  });
  line.end(code === 0);
  if (code === 0) return;
  const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  throw new SetupError(`${withoutAddresses(tail)}\n\n${title} failed (${code}). All of its output: ${log}`);
}

function movingLine(title) {
  const startedMs = Date.now();
  const moves = process.stderr.isTTY;
  const seconds = () => `${Math.round((Date.now() - startedMs) / 1000)} s`;
  let shown = '';
  const draw = () => process.stderr.write(`\r\x1b[K${title} ... ${[shown, seconds()].filter(Boolean).join(', ')}`);
  const timer = moves ? setInterval(draw, 1_000) : null;
  if (moves) draw();
  else say(`${title} ...`);
  return {
    show(text) {
      if (text === null || text === shown) return;
      shown = text;
      if (moves) draw();
    },
    end(succeeded) {
      clearInterval(timer);
      process.stderr.write(`${moves ? '\r\x1b[K' : ''}${title}: ${succeeded ? 'done' : 'failed'} (${seconds()})\n`);
    },
  };
}
