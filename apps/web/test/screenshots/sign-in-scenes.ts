import type { Page } from 'playwright-core';
import { signInAs } from '../support/sign-in.ts';
import type { Scene } from './scene.ts';

/** Signs in, and has a key for a program. */
async function showsAccount(page: Page): Promise<void> {
  await signInAs(page, 'ida');
  const heading = page.getByRole('heading', { name: 'Account' });
  await heading.waitFor();
  await page.getByRole('button', { name: 'Save the defaults' }).waitFor();
  await page.getByText('This browser', { exact: true }).waitFor();
  await heading.evaluate((element) => element.scrollIntoView());
}

/** Of a service that wants to know who is here. */
export const SIGN_IN_SCENES: readonly Scene[] = [
  {
    name: 'sign-in',
    path: '/transcribe',
    ready: (page) => page.getByRole('link', { name: 'Sign in with Test ID' }).waitFor(),
  },
  { name: 'account', path: '/settings', ready: showsAccount },
];
