import { runCommand } from './command.ts';

export interface CurlAnswer {
  /** curl's own exit status: 0, or why it gave up (55: send error, 56: receive error). */
  exitCode: number;
  /** HTTP status of the last answer; 0 when there was none. */
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Runs curl as a user would (`curl('-F', 'file=@a.wav', url)`) and takes its output apart. */
export async function curl(...args: string[]): Promise<CurlAnswer> {
  const { stdout, code } = await runCommand('curl', ['-sS', '-i', '--http1.1', ...args]);
  let rest = stdout.toString('utf8');
  let head = '';
  // 100 Continue and the like come before the answer itself.
  while (/^HTTP\/[\d.]+ \d{3}/.test(rest)) {
    const end = rest.indexOf('\r\n\r\n');
    head = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 4);
  }
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { exitCode: code, status: Number(statusLine.split(' ')[1] ?? 0), headers, body: rest };
}
