import { profileChangesSchema, SottoError, toIso, type WireProfile, wireProfileSchema } from '@sotto/contracts';
import type { User, Users } from '@sotto/queue';
import type { Response } from 'express';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { userIdOf, userInPerson } from './signed-in-user.ts';

export interface ProfileDeps {
  users: Users;
}

const profileAnswer: Answer = { description: 'The user.', content: { 'application/json': wireProfileSchema } };

/** What users decide themselves. */
export function profileEndpoints({ users }: ProfileDeps): Endpoint[] {
  const find = endpoint({
    method: 'get',
    path: '/auth/profile',
    tag: 'sign-in',
    access: 'key',
    summary: 'Your profile',
    description: 'Of the user who signed in with an identity provider, or whose key it is; others have none.',
    answers: { 200: profileAnswer },
    errors: ['forbidden'],
    handle: async ({ principal, response }) => send(response, await users.find(userIdOf(principal))),
  });
  const change = endpoint({
    method: 'patch',
    path: '/auth/profile',
    tag: 'sign-in',
    access: 'key',
    summary: 'Change your profile',
    description: 'Fields left out stay as they are; `defaults` are replaced as a whole. In a session only.',
    audit: 'profile.change',
    body: profileChangesSchema,
    answers: { 200: profileAnswer },
    errors: ['forbidden', ...BODY_ERRORS],
    handle: async ({ principal, body, response }) => {
      const { name, language, defaults } = body;
      const changes = {
        ...(name !== undefined && { name }),
        ...(language !== undefined && { language }),
        ...(defaults !== undefined && { defaults }),
      };
      send(response, await users.change(userInPerson(principal), changes));
    },
  });
  return [find, change];
}

function send(response: Response, user: User | null): void {
  if (user === null) throw new SottoError('forbidden', 'This user is gone.');
  const { isAdmin } = localsOf(response).principal;
  const body: WireProfile = {
    id: user.id,
    name: user.name,
    email: user.email,
    language: user.language,
    role: isAdmin ? 'operator' : 'user',
    // An older version may have allowed others.
    defaults: wireProfileSchema.shape.defaults.catch({}).parse(user.defaults),
    created_at: toIso(user.createdAtMs),
  };
  response.set('Cache-Control', 'no-store').json(body);
}
