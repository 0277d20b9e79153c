import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Resource, Service } from '@sotto/testkit';
import type Axe from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Debian's Chromium, or the one that CHROMIUM names. */
export function installedChromium(): Resource<string> {
  const value = PLACES.find((path) => path !== undefined && existsSync(path));
  return value === undefined ? { skipped: 'no Chromium is installed' } : { value };
}

const FLAGS = ['--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];

export function openBrowser(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/** One whose visitors, asked which tab to share, choose that of this title, with its real sound. */
export function openSharingBrowser(executablePath: string, title: string): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', `--auto-select-tab-capture-source-by-title=${title}`];
  return chromium.launch({ executablePath, args, ignoreDefaultArgs: ['--mute-audio'] });
}

/** A visitor of a service, with a browser's memory of their own. What the page complains about is kept. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Of the console: errors, and whatever the content security policy refused. */
  readonly complaints: string[] = [];
  readonly #url: string;

  private constructor(context: BrowserContext, page: Page, url: string) {
    this.context = context;
    this.page = page;
    this.#url = url;
  }

  static async of(
    browser: Browser,
    service: Pick<Service, 'url'>,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    await context.grantPermissions(['microphone', 'clipboard-read', 'clipboard-write'], { origin: service.url });
    const visitor = new Visitor(context, await context.newPage(), service.url);
    visitor.listenTo(visitor.page);
    return visitor;
  }

  listenTo(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** @param path below /app */
  async open(path: string): Promise<Page> {
    await this.page.goto(`${this.#url}/app${path}`);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    return this.page;
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

export interface AccessibilityFault {
  rule: string;
  impact: string | null;
  where: string[];
}

/** What axe finds on a page by the rules of WCAG 2.2, level AA. */
export async function accessibilityFaults(page: Page): Promise<AccessibilityFault[]> {
  // Through the debugger, for which the content security policy does not hold.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof Axe };
    // In the middle of a change from one theme to the other, colours are those of neither.
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    const changes = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(changes.map(({ finished }) => finished));
    const { violations } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, impact, nodes }) => ({
      rule: id,
      impact: impact ?? null,
      where: nodes.map(({ html }) => html),
    }));
  });
}
