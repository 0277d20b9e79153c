import { type ApiKey, toWireKey, type WireNewKey, wireKeySchema, wireNewKeySchema } from '@sotto/contracts';
import type { IssuedKey } from '@sotto/queue';
import type { Response } from 'express';
import { z } from 'zod';
import type { Answer } from '../http/description.ts';
import { PathParams } from '../http/path-params.ts';

export const keyParams = new PathParams(
  z.object({ id: z.string().max(32).meta({ description: 'Id of the key, as shown in the list.' }) }),
  'key_not_found',
  'No key has this id.',
);

export const keyAnswer: Answer = { description: 'The key.', content: { 'application/json': wireKeySchema } };
export const newKeyAnswer: Answer = {
  description: 'The key with its secret, which is shown only this once.',
  content: { 'application/json': wireNewKeySchema },
};

export function sendKey(response: Response, key: ApiKey | null): void {
  if (key === null) throw keyParams.notFound();
  response.set('Cache-Control', 'no-store').json(toWireKey(key, Date.now()));
}

export function sendSecret(response: Response, { key, secret, webhookSecret }: IssuedKey): void {
  const told = webhookSecret === null ? {} : { webhook_secret: webhookSecret };
  const body: WireNewKey = { ...toWireKey(key, Date.now()), key: secret, ...told };
  response.set('Cache-Control', 'no-store').json(body);
}
