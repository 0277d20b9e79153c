/** What must be true of one image, whatever it runs. */
import { docker, tryDocker } from './docker.mjs';

/** Programs that have no place in an image that runs: what builds, and what installs packages of npm. */
const UNWANTED = ['cc', 'gcc', 'g++', 'make', 'cmake', 'git', 'npm', 'npx', 'pnpm', 'yarn', 'corepack'];

const MEGABYTE = 1_000_000;

const shell = (tag, script) =>
  docker(['run', '--rm', '--read-only', '--network', 'none', '--entrypoint', '/bin/sh', tag, '-c', script]);

/**
 * @param {{ tag: string, maxMegabytes: number, hasEngine: boolean, hasFfmpeg: boolean }} image
 * @returns {{ megabytes: number, uid: number, ffmpegs: number, components: number, problems: string[] }}
 */
export function examined({ tag, maxMegabytes, hasEngine, hasFfmpeg }) {
  const megabytes = Math.round(Number(docker(['image', 'inspect', '--format', '{{.Size}}', tag])) / MEGABYTE);
  const uid = Number(shell(tag, 'id -u'));
  const unwanted = UNWANTED.filter((name) => shell(tag, `command -v ${name} || true`) !== '');
  const ffmpegs = shell(tag, "find / -xdev -type f -name 'ffmpeg*' -perm -100 2>/dev/null || true")
    .split('\n')
    .filter(Boolean);
  const components = componentsOf(tag);
  const engine = hasEngine ? engineOf(tag) : { status: 0 };
  const problems = [
    [megabytes > maxMegabytes, `it has ${megabytes} MB, more than ${maxMegabytes}`],
    [uid === 0, 'it runs as root'],
    [unwanted.length > 0, `it has ${unwanted.join(', ')}`],
    [ffmpegs.length !== (hasFfmpeg ? 1 : 0), `ffmpeg is in it ${ffmpegs.length} times: ${ffmpegs.join(' ')}`],
    [components < 50, `its bill of materials has ${components} entries`],
    [engine.status !== 0, `its engine cannot be loaded: ${engine.stderr}`],
    [
      tryDocker(['run', '--rm', '--read-only', '--entrypoint', '/bin/touch', tag, '/sotto/x']).status === 0,
      'its root can be written',
    ],
  ];
  return {
    megabytes,
    uid,
    ffmpegs: ffmpegs.length,
    components,
    problems: problems.flatMap(([is, text]) => (is ? [text] : [])),
  };
}

/** How many entries the file has that the image's label names. */
function componentsOf(tag) {
  const file = docker(['image', 'inspect', '--format', '{{index .Config.Labels "dev.sotto.sbom"}}', tag]);
  const { components } = JSON.parse(shell(tag, `cat ${file}`));
  return components.length;
}

function engineOf(tag) {
  const script = "import('@sotto/whisper').then((whisper) => console.log(whisper.engineInfo()))";
  return tryDocker(['run', '--rm', '--read-only', '--network', 'none', '--entrypoint', 'node', tag, '-e', script]);
}
