import { z } from 'zod';
import { AddressGuard } from './address-guard.ts';

/**
 * Building blocks for an environment schema. Input is always text; each block produces a typed value, so that an entry
 * reads `PORT: envInteger(0, 65535).default(8000).meta({ description: '...' })`. Entries whose value must never be
 * shown (not even in an error) carry `secret: true` beside their description.
 */
export function envText() {
  return z.string().trim().min(1);
}

export function envInteger(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const message = `must be a whole number ${range}`;
  return z
    .string()
    .trim()
    .regex(/^-?\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

export function envNumber(min: number, max: number = Number.MAX_VALUE) {
  const range = max === Number.MAX_VALUE ? `of at least ${min}` : `from ${min} to ${max}`;
  const message = `must be a number ${range}`;
  return z
    .string()
    .trim()
    .regex(/^-?\d+(\.\d+)?$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

const FLAG_WORDS: Record<string, boolean> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  false: false,
  '0': false,
  no: false,
  off: false,
};

export function envFlag() {
  return z.string().transform((text, context): boolean => {
    const flag = FLAG_WORDS[text.trim().toLowerCase()];
    if (flag !== undefined) return flag;
    context.addIssue({ code: 'custom', message: 'must be true or false' });
    return z.NEVER;
  });
}

/** One of a few words; case does not matter, the listed spelling comes out. */
export function envChoice<const T extends string>(choices: readonly T[]) {
  return z.string().transform((text, context): T => {
    const wanted = text.trim().toLowerCase();
    const choice = choices.find((known) => known.toLowerCase() === wanted);
    if (choice !== undefined) return choice;
    context.addIssue({ code: 'custom', message: `must be one of ${choices.join(', ')}` });
    return z.NEVER;
  });
}

/** Comma-separated; blanks around items and empty items are dropped. */
export function envList() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
}

/** Comma-separated IP addresses and networks (CIDR), for AddressGuard. */
export function envNetworks() {
  return envList().refine(
    (networks) => {
      try {
        return new AddressGuard(networks) instanceof AddressGuard;
      } catch {
        return false;
      }
    },
    { message: 'must be addresses or networks such as 10.1.0.0/16' },
  );
}

export function envUrl(...protocols: string[]) {
  const message = `must be an address that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`;
  return z
    .string()
    .trim()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), message);
}

/** Without brackets around an IPv6 address. */
export interface Host {
  host: string;
  port: number;
}

/** `10.0.0.1:6379`, `redis-2` or `[::1]:6380`; null: it is no host. */
export function hostOf(text: string, defaultPort: number): Host | null {
  const [, v6, name, portText] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = v6 ?? name;
  const port = portText === undefined ? defaultPort : Number(portText);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}
