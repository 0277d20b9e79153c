#!/usr/bin/env node
/**
 * `pnpm check:cuda`: compiles the engine for NVIDIA's GPUs with the compiler from PyPI's wheels, as a check that it can be built.
 * No GPU, driver or toolkit is needed, nothing is run, and the result is not the one that images hold (no virtual memory
 * management, which takes the driver's library). About a core-hour an architecture; what was compiled is kept, so that the
 * next call goes on where this one ended.
 *
 *   --minutes=N        stop after so long (default 120)
 *   --architecture=NN  the one to compile for (default 90: H100, H200)
 *
 * Exit codes: 0 all was built; 1 something does not compile; 3 the time was over, and nothing had failed by then.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { buildPlan, cacheFolder } from '../packages/whisper/scripts/native/inputs.mjs';
import { findTools } from '../packages/whisper/scripts/native/tools.mjs';
import { endOnSetupError, runStep, SetupError, say } from './setup/terminal.mjs';

const WHEELS = ['nvcc', 'crt', 'runtime', 'cccl']
  .map((name) => `nvidia-cuda-${name}`)
  .concat('nvidia-nvvm', 'nvidia-cublas');
const VERSION = '13';

/** The folder of the toolkit, fetched once: nvcc, headers and the libraries that the engine is linked to. */
async function toolkit() {
  const home = join(cacheFolder(process.env), `cuda-${VERSION}`);
  const folder = join(home, `nvidia/cu${VERSION}`);
  if (existsSync(home)) return folder;
  const partial = `${home}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const wheels = WHEELS.map((name) => `${name}~=${VERSION}.0`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--target', partial, ...wheels];
  await runStep('Fetching the CUDA compiler (900 MB)', 'python3', pip);
  const lib = join(partial, `nvidia/cu${VERSION}/lib`);
  // Wheels hold the libraries that run; linkers look for names without a version, CMake for lib64.
  for (const name of ['cublas', 'cublasLt', 'cudart'])
    symlinkSync(`lib${name}.so.${VERSION}`, join(lib, `lib${name}.so`));
  symlinkSync('lib', `${lib}64`);
  renameSync(partial, home);
  return folder;
}

async function configure(cuda, architecture, build) {
  const env = { ...process.env, SOTTO_PORTABLE: '1', SOTTO_CUDA: '1', SOTTO_CUDA_ARCHITECTURES: architecture };
  const plan = buildPlan('addon', env, findTools(env));
  const toolkitFlags = [
    `-DCMAKE_CUDA_COMPILER=${join(cuda, 'bin/nvcc')}`,
    `-DCUDAToolkit_ROOT=${cuda}`,
    '-DGGML_CUDA_NO_VMM=ON',
  ];
  const args = [
    '-S',
    plan.project,
    '-B',
    build,
    '-G',
    'Ninja',
    '-DCMAKE_BUILD_TYPE=Release',
    ...plan.sources,
    ...plan.flags,
  ];
  await runStep('Configuring', 'cmake', [...args, ...toolkitFlags]);
}

/** @returns {Promise<{ code: number | null, done: number, all: number, hasFailed: boolean }>} of this call's steps; code null: the time was over */
async function compile(build, minutes) {
  const child = spawn('cmake', ['--build', build, '--target', 'sotto_whisper', '--', '-k', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const steps = { done: 0, all: 0, hasFailed: false };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, done, all] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
    if (line.startsWith('FAILED:')) steps.hasFailed = true;
    if (done === undefined) say(line);
    else Object.assign(steps, { done: Number(done), all: Number(all) });
    if (steps.done % 10 === 0) say(`  ${steps.done} of ${steps.all}`);
  });
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    process.kill(-child.pid, 'SIGTERM');
  }, minutes * 60_000);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code: isOver ? null : code, ...steps };
}

/** How many objects the library of CUDA's operators is made of, and how many are compiled. */
function progress(build) {
  const list = spawnSync('ninja', ['-C', build, '-t', 'targets', 'all'], { encoding: 'utf8', maxBuffer: 64e6 }).stdout;
  const objects = [...list.matchAll(/^(\S*ggml-cuda\S*\.cu\.o):/gm)].map(([, path]) => path);
  return { all: objects.length, compiled: objects.filter((path) => existsSync(join(build, path))).length };
}

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '120' }, architecture: { type: 'string', default: '90' } },
});
try {
  if (spawnSync('ninja', ['--version']).status !== 0) throw new SetupError('This check needs ninja (ninja-build).');
  const cuda = await toolkit();
  const build = join(cacheFolder(process.env), 'work', `cuda-check-${values.architecture}`);
  mkdirSync(build, { recursive: true });
  await configure(cuda, values.architecture, build);
  const { code, hasFailed } = await compile(build, Number(values.minutes));
  const { all, compiled } = progress(build);
  say(`${compiled} of ${all} files of CUDA's operators are compiled for architecture ${values.architecture}.`);
  if (code === null) say(`The time was over. Call it again to go on.`);
  process.exitCode = hasFailed || (code ?? 0) !== 0 ? 1 : code === null ? 3 : 0;
} catch (error) {
  endOnSetupError(error);
}
