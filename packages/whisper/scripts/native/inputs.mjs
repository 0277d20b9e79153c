/** What a native build is made of, and the hash that names it in the cache. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const require = createRequire(join(packageFolder, 'package.json'));

/** Folder of an installed npm package, whether or not it exports its package.json. */
function packageRoot(name) {
  for (const folder of require.resolve.paths(name)) {
    const root = join(folder, name);
    try {
      return { root, version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version };
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`The npm package ${name} is not installed; run pnpm install first.`);
}

export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const ADDON_SOURCES = (file) => !/\.md$|\/native\/(whisper|silero|speakers)\/test\//.test(file);
const TEST_SOURCES = (file) => !/\.md$|\/native\/node\//.test(file);

function ownSources(belongs) {
  return [...filesBelow(join(packageFolder, 'native')), join(packageFolder, 'CMakeLists.txt')].filter(belongs);
}

/** The processor as the compiler sees it: a cache on a shared home folder must not give one machine another's code. */
function processor() {
  const model = cpus()[0]?.model ?? 'unknown';
  try {
    return `${model} ${/^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? ''}`;
  } catch {
    return model;
  }
}

export function cacheFolder(env) {
  if (env.SOTTO_CACHE_DIR) return resolve(env.SOTTO_CACHE_DIR);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sotto');
}

function addonFlags(env) {
  const flags = [`-DGGML_NATIVE=${env.SOTTO_PORTABLE === '1' ? 'OFF' : 'ON'}`];
  if (env.SOTTO_CUDA === '1') {
    flags.push('-DGGML_CUDA=ON', `-DCMAKE_CUDA_ARCHITECTURES=${env.SOTTO_CUDA_ARCHITECTURES || '75;80;86;90'}`);
  }
  return flags;
}

/** Upstream's defaults, as its README builds it; static only so that one file can be cached. */
const stockFlags = () => [
  '-DBUILD_SHARED_LIBS=OFF',
  '-DGGML_CCACHE=OFF',
  '-DWHISPER_BUILD_TESTS=OFF',
  '-DWHISPER_BUILD_SERVER=OFF',
];

const TEST_PROGRAMS = [
  'kernels_test',
  'phrases_test',
  'sampling_test',
  'silero_test',
  'speakers_test',
  'engine_test',
  'compare_upstream',
  'mixed_windows',
  'batch_transcribe',
];

const TESTS = { cached: 'native-tests', own: TEST_SOURCES, targets: TEST_PROGRAMS, files: TEST_PROGRAMS };

/**
 * What can be built. `cached`: the folder of its builds; `own`: which of our sources it is made of, null: none; `project`: the
 * CMake project, null: whisper.cpp's; `definitions`: for it, beside `flags`, which decide about every object file; `files`: what
 * is kept, `at`: where the build leaves it.
 */
const KINDS = {
  addon: {
    title: 'the speech engine',
    cached: 'native',
    own: ADDON_SOURCES,
    project: packageFolder,
    flags: addonFlags,
    targets: ['sotto_whisper'],
    files: ['sotto_whisper.node'],
    at: '',
  },
  'whisper-cli': {
    title: 'the stock whisper-cli',
    cached: 'whisper-cli',
    own: null,
    project: null,
    flags: stockFlags,
    targets: ['whisper-cli'],
    files: ['whisper-cli'],
    at: 'bin',
  },
  tests: {
    ...TESTS,
    title: "the engine's native tests",
    project: packageFolder,
    flags: () => ['-DGGML_NATIVE=ON'],
    definitions: ['-DSOTTO_TESTS=ON'],
    at: 'native/whisper/test',
  },
  'sanitized-tests': {
    ...TESTS,
    title: "the engine's native tests with sanitizers",
    project: join(packageFolder, 'native/whisper'),
    flags: () => ['-DGGML_NATIVE=ON', '-DSOTTO_SANITIZE=address,undefined'],
    at: 'test',
  },
};

function hashOf(parts, files) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part}\0`);
  for (const file of files)
    hash
      .update(`${relative(packageFolder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {keyof typeof KINDS} kind
 * @returns what to build, from what, with which flags, and where the result is kept
 */
export function buildPlan(kind, env, tools) {
  const { cached, own, flags: flagsOf, definitions = [], ...plan } = KINDS[kind];
  const whisper = packageRoot('nodejs-whisper');
  const whisperSource = join(whisper.root, 'cpp/whisper.cpp');
  const addonApi = packageRoot('node-addon-api');
  const headers = packageRoot('node-api-headers');
  const flags = flagsOf(env);
  const native = kind !== 'addon' || env.SOTTO_PORTABLE !== '1';

  const parts = [process.platform, process.arch, tools.cmake.version, tools.compiler.version, ...flags];
  parts.push(`nodejs-whisper ${whisper.version}`, native ? processor() : 'portable');
  const nodeParts = [`node-addon-api ${addonApi.version}`, `node-api-headers ${headers.version}`];
  const name = hashOf([kind, ...parts, ...(kind === 'addon' ? nodeParts : [])], own === null ? [] : ownSources(own));
  // Where object files stay: a change of our own sources recompiles only these, for the addon and its tests together.
  const workName = hashOf([plan.project ?? kind, ...parts, packageFolder], []);

  const parent = join(cacheFolder(env), cached);
  return {
    ...plan,
    hash: name,
    parent,
    work: join(cacheFolder(env), 'work', workName),
    folder: join(parent, name),
    flags: [...flags, ...definitions],
    whisperSource,
    sources: [
      `-DGGML_SOURCE_DIR=${join(whisperSource, 'ggml')}`,
      `-DWHISPER_CPP_DIR=${whisperSource}`,
      `-DNODE_ADDON_API_DIR=${addonApi.root}`,
      `-DNODE_API_HEADERS_DIR=${headers.root}`,
    ],
  };
}
