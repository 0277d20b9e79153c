import { librarySettingsSchema } from '@sotto/contracts';
import { accountOf } from '../http/account.ts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { LIBRARY_ERRORS, type LibraryDeps } from './library-deps.ts';

const PATH = '/library/settings';
const settingsAnswer: Answer = {
  description: 'The settings.',
  content: { 'application/json': librarySettingsSchema },
};

/** What an account has set for all that it keeps. */
export function librarySettingsEndpoints({ library }: LibraryDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: PATH,
      isRead: true,
      summary: 'Get the settings of your library',
      tag: 'library',
      access: 'read',
      answers: { 200: settingsAnswer },
      errors: LIBRARY_ERRORS,
      handle: async ({ principal, response }) => {
        const days = await library.use(({ accounts }) => accounts.retentionDays(accountOf(principal)));
        response.set('Cache-Control', 'private, no-store').json({ keep_days: days });
      },
    }),
    endpoint({
      method: 'put',
      path: PATH,
      summary: 'Change the settings of your library',
      tag: 'library',
      access: 'transcribe',
      audit: 'library.settings',
      body: librarySettingsSchema,
      answers: { 200: settingsAnswer },
      errors: [...LIBRARY_ERRORS, ...BODY_ERRORS],
      handle: async ({ body, principal, response }) => {
        await library.use(({ accounts }) => accounts.setRetention(accountOf(principal), body.keep_days));
        response.set('Cache-Control', 'private, no-store').json(body);
      },
    }),
  ];
}
