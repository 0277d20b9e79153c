/** cmake, with its progress as one line and its noise in a log. */
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const LOG_LINES_SHOWN = 30;

/** Ninja says `[12/37] ...`, make says `[ 45%] ...`. */
function percentOf(line) {
  const ninja = /^\[(\d+)\/(\d+)\]/.exec(line);
  if (ninja) return Math.floor((100 * Number(ninja[1])) / Number(ninja[2]));
  const make = /^\[\s*(\d+)%\]/.exec(line);
  return make ? Number(make[1]) : null;
}

/** On a terminal one line that moves; elsewhere a line for every tenth. */
function progressTo(say) {
  let shown = -1;
  const terminal = process.stderr.isTTY;
  return (percent) => {
    const step = terminal ? percent : percent - (percent % 10);
    if (step <= shown) return;
    shown = step;
    if (terminal) process.stderr.write(`\r  ${step} %${step === 100 ? '\n' : ''}`);
    else say(`  ${step} %`);
  };
}

function run(command, args, log, onLine) {
  return new Promise((resolve, reject) => {
    appendFileSync(log, `\n$ ${command} ${args.join(' ')}\n`);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let rest = '';
    const take = (chunk) => {
      appendFileSync(log, chunk);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', (chunk) => appendFileSync(log, chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
      reject(new Error(`${tail}\n\nThe build failed (${signal ?? `exit code ${code}`}). All of its output: ${log}`));
    });
  });
}

/** Configures and builds; resolves to the folder of the built files. */
export async function compile(plan, { source, build, log, tools, say }) {
  writeFileSync(log, '');
  const generator = tools.ninja === null ? [] : ['-G', 'Ninja'];
  const [folder, ...definitions] = plan.project === null ? [source] : [plan.project, ...plan.sources];
  await run(
    tools.cmake.path,
    ['-S', folder, '-B', build, ...generator, '-DCMAKE_BUILD_TYPE=Release', ...definitions, ...plan.flags],
    log,
    () => {},
  );
  const progress = progressTo(say);
  const args = ['--build', build, '--target', ...plan.targets, '--parallel', String(availableParallelism())];
  await run(tools.cmake.path, args, log, (line) => {
    const percent = percentOf(line);
    if (percent !== null) progress(percent);
  });
  progress(100);
  return join(build, plan.at);
}
