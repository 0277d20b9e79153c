/** Exit code of the launcher; ffmpeg has no such. */
export const CAGE_FAILED = 113;

/**
 * The launcher of a decoder's cage: `python3 -I -S -c CAGE_SCRIPT FILE PROGRAM ARGS...`. It locks itself in, and becomes
 * PROGRAM in the same process, so that whoever watches, limits or kills the process notices no difference. It needs no
 * privileges, and leaves nothing to be compiled or installed.
 *
 * - Landlock (https://docs.kernel.org/userspace-api/landlock.html): FILE, the programs and libraries of the system and a
 *   few devices can be read; nothing else can, and nothing written. No TCP where the kernel knows how (ABI 4), no signals
 *   and no abstract sockets to the outside (ABI 6).
 * - seccomp: no sockets of any kind, no io_uring, no looking into other processes.
 *
 * It exits with CAGE_FAILED when it cannot lock itself in.
 */
export const CAGE_SCRIPT = `
import ctypes, os, platform, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def must(result):
    if result < 0:
        os._exit(${CAGE_FAILED})
    return result
def call(number, *args):
    return libc.syscall(ctypes.c_long(number), *args)
media, program = sys.argv[1], sys.argv[2]
must(libc.prctl(38, 1, 0, 0, 0))
abi = must(call(444, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))
files = (1 << 13) - 1 | (abi >= 2) << 13 | (abi >= 3) << 14 | (abi >= 5) << 15
attr = struct.pack('QQQ', files, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
size = 24 if abi >= 6 else 16 if abi >= 4 else 8
ruleset = must(call(444, attr, ctypes.c_size_t(size), ctypes.c_uint32(0)))
def allow(path, access):
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    must(call(445, ctypes.c_int(ruleset), ctypes.c_int(1), struct.pack('=Qi', access, fd), ctypes.c_uint32(0)))
    os.close(fd)
for folder in ('/usr', '/lib', '/lib64', '/bin'):
    allow(folder, 1 | 4 | 8)
for file in ('/etc/ld.so.cache', '/dev/urandom', '/dev/random', '/dev/zero', media):
    allow(file, 4)
allow('/dev/null', 2 | 4)
allow(program, 1 | 4)
machine = {'x86_64': (0xC000003E, (41, 53, 425, 101, 310, 311)), 'aarch64': (0xC00000B7, (198, 199, 425, 117, 270, 271))}
arch, denied = machine[platform.machine()]
LOAD, EQUAL, ABOVE, RETURN = 0x20, 0x15, 0x35, 0x06
DENY, ALLOW, KILL = 0x00050000 | 13, 0x7FFF0000, 0x80000000
code = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, arch), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0), (ABOVE, len(denied) + 1, 0, 0x40000000)]
code += [(EQUAL, len(denied) - i, 0, number) for i, number in enumerate(denied)]
code += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, DENY)]
body = ctypes.create_string_buffer(b''.join(struct.pack('=HBBI', *line) for line in code))
class Filter(ctypes.Structure):
    _fields_ = [('len', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
must(call(446, ctypes.c_int(ruleset), ctypes.c_uint32(0)))
os.close(ruleset)
must(libc.prctl(22, 2, ctypes.byref(Filter(len(code), ctypes.addressof(body))), 0, 0))
try:
    os.execve(program, sys.argv[2:], {})
except OSError:
    os._exit(${CAGE_FAILED})
`;
