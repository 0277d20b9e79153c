/** What a process in a container of ours can still do, if its program is taken over. */
import { docker } from './docker.mjs';

/** Tells of calls that Docker's own profile lets pass, or that are the way out of a container. */
const TRY_CALLS = `
import ctypes, json
libc = ctypes.CDLL(None, use_errno=True)
def outcome(name, *args):
    ctypes.set_errno(0)
    return 'allowed' if getattr(libc, name)(*args) >= 0 else ctypes.get_errno()
print(json.dumps({
    'ptrace': outcome('ptrace', 0, 0, 0, 0),
    'unshare': outcome('unshare', 0x10000000),
    'personality': outcome('personality', 0xffffffff),
    'packet socket': outcome('socket', 17, 3, 0),
}))
`;

/** The worker's own launcher, with python3 in the place of ffmpeg: it is in a cage, and its recording is OWN. */
const TRY_CAGE = `
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
const { CAGE_SCRIPT } = await import(process.argv[1]);
const folder = mkdtempSync(process.env.TEMP_DIR + '/cage-');
const [own, other] = ['own', 'other'].map((name) => folder + '/' + name);
for (const path of [own, other]) writeFileSync(path, 'the recording of ' + path);
const inCage = (program) => {
  const args = ['-I', '-S', '-c', CAGE_SCRIPT, own, '/usr/bin/python3', '-I', '-S', '-c', program];
  const { status, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  return status === 0 ? 'allowed' : (/PermissionError/.test(stderr) ? 'refused' : status + ' ' + stderr);
};
const open = (path, mode) => 'open(' + JSON.stringify(path) + ', ' + JSON.stringify(mode) + ').close()';
console.log(JSON.stringify({
  'own recording': inCage(open(own, 'r')),
  'recording of another job': inCage(open(other, 'r')),
  'settings of the process': inCage(open('/proc/1/environ', 'r')),
  'writing': inCage(open(folder + '/new', 'w')),
  'connection': inCage('import socket; socket.socket()'),
}));
rmSync(folder, { recursive: true });
`;

/** @throws Error unless the container is under our profile */
export function lockOf(container) {
  const python = tryIn(container, ['python3', '-c', TRY_CALLS]);
  const calls = python === null ? {} : JSON.parse(python);
  const open = Object.entries(calls).filter(([, outcome]) => outcome !== 1);
  if (open.length > 0) throw new Error(`A container can call ${open.map((each) => each.join(': ')).join(', ')}.`);
  const status = docker(['exec', container, 'cat', '/proc/1/status']);
  if (!/^Seccomp:\t2$/m.test(status)) throw new Error('A container has no seccomp profile.');
  return 'no ptrace, no namespaces, no sockets but of the Internet and of Unix';
}

/** @throws Error unless a decoder reads its own recording and nothing else */
export function cageOf(container) {
  const script = '/sotto/dist/media/cage-script.js';
  const outcome = JSON.parse(docker(['exec', container, 'node', '--input-type=module', '--eval', TRY_CAGE, script]));
  const { 'own recording': own, ...others } = outcome;
  const isLocked = own === 'allowed' && Object.values(others).every((each) => each === 'refused');
  if (!isLocked) throw new Error(`The cage does not hold: ${JSON.stringify(outcome)}`);
  return 'reads its own recording; that of another job, `/proc/1/environ`, writing and connections are refused';
}

/** null: the image has no Python. */
function tryIn(container, command) {
  const isThere = docker(['exec', container, 'sh', '-c', 'command -v python3 || true']) !== '';
  return isThere ? docker(['exec', container, ...command]) : null;
}
