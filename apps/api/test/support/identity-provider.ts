import type { IdentityProviderServer } from '@sotto/testkit';
import type { Browser } from './browser.ts';
import type { Reply } from './replies.ts';

/** What a person does at the provider, from the address that the API has sent the browser to. @returns where it sends it back to */
export async function visitProvider(
  provider: IdentityProviderServer,
  browser: Browser,
  address: string,
  login: string,
): Promise<string> {
  const get = (to: string): Promise<Reply> => browser.send('GET', new URL(to, provider.issuer).href);
  let next = await get(address);
  for (let step = 0; step < 10; step += 1) {
    const location = next.headers.get('location');
    if (location?.startsWith(provider.publicUrl)) return location;
    next = location === null ? await answerForm(browser, provider.issuer, next, login) : await get(location);
  }
  throw new Error(`The provider does not send the browser back: ${next.status} ${next.text.slice(0, 500)}`);
}

/** Its pages of login and consent have one form each. */
function answerForm(browser: Browser, issuer: string, { text }: Reply, login: string): Promise<Reply> {
  const [, action = ''] = /<form[^>]* action="([^"]+)" method="post">/.exec(text) ?? [];
  const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(text) ?? [];
  if (action === '' || prompt === '') throw new Error(`No form on the provider's page: ${text.slice(0, 500)}`);
  const body = new URLSearchParams({ prompt, login, password: 'any' }).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return browser.send('POST', new URL(action, issuer).href, { headers, body });
}
