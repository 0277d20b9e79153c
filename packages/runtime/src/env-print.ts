import type { z } from 'zod';
import { describeEnv, readEnv, renderValue } from './env.ts';

const MASK = '***';

/**
 * The configuration in effect, as lines of a .env file, each with where its value comes from. Secrets are masked; of
 * the address of a server, only user and password.
 *
 * @throws EnvError when the configuration cannot be used.
 */
export function configText(
  schema: z.ZodObject<z.ZodRawShape>,
  environment: NodeJS.ProcessEnv,
  dotenvPath?: string,
): string {
  const { env, values } = readEnv(schema, environment, dotenvPath);
  const lines = describeEnv(schema).map(({ name, secret }) => {
    const source = values.get(name)?.source ?? 'default';
    const text = renderValue(env[name]);
    return [`${name}=${secret === false || text === '' ? text : masked(text, secret)}`, source] as const;
  });
  const width = Math.min(WIDEST, Math.max(...lines.map(([line]) => line.length)));
  return `${lines.map(([line, source]) => `${line.padEnd(width)}  # ${source}`).join('\n')}\n`;
}

/** Of the column of values. */
const WIDEST = 60;

function masked(text: string, secret: true | 'url'): string {
  if (secret !== 'url' || !URL.canParse(text)) return MASK;
  const url = new URL(text);
  if (url.username !== '') url.username = MASK;
  if (url.password !== '') url.password = MASK;
  return url.href;
}
