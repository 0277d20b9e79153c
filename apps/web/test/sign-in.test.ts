import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { describeWith, IdentityProviderServer, type Service, startService } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';
import { signInAs } from './support/sign-in.ts';

jest.setTimeout(120_000);

const ADMIN = 'the key of operators';

describeWith(installedChromium(), 'signing in to the page', (executable) => {
  let provider: IdentityProviderServer;
  let service: Service;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    provider = await IdentityProviderServer.open();
    const apiEnv = { ...provider.settings, ADMIN_API_KEY: ADMIN, OIDC_OPERATOR_GROUP: 'operators' };
    [service, browser] = await Promise.all([startService({ workers: 0, apiEnv }), openBrowser(executable)]);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close({ leftovers: true });
    await provider?.stop();
  });
  beforeEach(async () => {
    visitor = await Visitor.of(browser, service);
    page = await visitor.open('/settings');
  });
  afterEach(() => visitor.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });

  const signIn = (login: string) => signInAs(page, login);

  it('leads to the provider and back to where one was, and out again', async () => {
    await page.getByText('It turns recordings into text.').waitFor();
    await signIn('ben');
    expect(new URL(page.url()).pathname).toBe('/app/settings');
    await page.getByText('You are signed in as ben of the tests.').waitFor();
    await button('Sign out').click();
    // The provider asks, too, before it forgets who it is.
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await page.getByRole('link', { name: 'Sign in with Test ID' }).waitFor();
    expect(new URL(page.url()).origin).toBe(service.url);
  });

  it('works with a key, which the page does not keep, and says when it is wrong', async () => {
    await page.getByLabel('API key').fill('a wrong key');
    await button('Sign in with the key').click();
    await page.getByText('Unknown API key.').waitFor();
    await page.getByLabel('API key').fill(ADMIN);
    await button('Sign in with the key').click();
    await page.getByText('You are signed in as admin, an operator of this service.').waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).not.toContain(ADMIN);
    expect(kept).not.toContain('sotto=');
    await button('Sign out').click();
    await page.getByLabel('API key').waitFor();
    expect(visitor.complaints.filter((complaint) => !complaint.includes('status of 403'))).toEqual([]);
  });

  it('shows name, keys and browsers, whose changes hold everywhere', async () => {
    await signIn('carla');
    await page.getByLabel('Your name').fill('<b>Carla</b>');
    await button('Save').click();
    await page.getByText('You are signed in as <b>Carla</b>.').waitFor();

    await page.getByLabel('Name of a new key').fill('my script');
    await button('Make a key').click();
    const secret = await page.getByText(/^sotto_[\w-]{43}$/).textContent();
    const ask = async () => (await fetch(`${service.url}/jobs`, { headers: { 'X-API-Key': String(secret) } })).status;
    expect(await ask()).toBe(200);
    await button('I have it').click();
    await page.getByText(String(secret)).waitFor({ state: 'detached' });
    await page.reload();
    await button('Delete the key my script').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await button('Delete the key my script').click();
    await button('Delete').click();
    await page.getByText('my script', { exact: true }).waitFor({ state: 'detached' });
    expect(await ask()).toBe(403);

    await page.getByLabel('Text', { exact: true }).selectOption('Translated into English');
    await page.getByLabel('Speakers').selectOption('3 speakers');
    await page.getByLabel('Names and words to expect').fill('Sotto, Zoë Nagy');
    await button('Save the defaults').click();
    await page.getByText('Saved', { exact: true }).waitFor();

    const phone = await Visitor.of(browser, service);
    await phone.context.addCookies(await visitor.context.cookies());
    await phone.open('/transcribe');
    expect(await phone.page.getByLabel('Text', { exact: true }).inputValue()).toBe('translate');
    expect(await phone.page.getByLabel('Speakers').inputValue()).toBe('3');
    expect(await phone.page.getByLabel('Names and words to expect').inputValue()).toBe('Sotto, Zoë Nagy');
    await phone.open('/settings');
    const kept = phone.page.waitForResponse('**/auth/profile');
    await phone.page.getByLabel('Language of the page').selectOption('de');
    await kept;
    await phone.page.getByRole('heading', { name: 'Einstellungen', exact: true }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Überall abmelden' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Überall abmelden' }).click();
    await page.getByRole('link', { name: 'Mit Test ID anmelden' }).waitFor();
    await phone.page.reload();
    await phone.page.getByRole('link', { name: /Test ID/ }).waitFor();
    await phone.close();
  });

  it.each(['light', 'dark'] as const)('can be used by everybody (%s)', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${service.url}/app/?sign_in_error=sign_in_refused`);
    await page.getByText('You could not be signed in').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
