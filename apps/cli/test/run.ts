import type { Home } from './home.ts';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `sotto` to its end, its two outputs apart. */
export async function run(home: Home, args: string[], env: Record<string, string> = {}): Promise<Finished> {
  const child = await home.sotto(args, env);
  const { code } = await child.ended;
  return { code, stdout: child.stdout, stderr: child.stderr };
}
