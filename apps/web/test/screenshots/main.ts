/**
 * `pnpm screenshots [PAGE...]`: pictures of every page, in both themes and at three widths, for docs/screenshots. A service
 * of its own with something in it; nothing else is touched.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { IdentityProviderServer, linkVoices, matchingParts, REPOSITORY, temporaryFolder } from '@sotto/testkit';
import type { Browser, Route } from 'playwright-core';
import { installedChromium, openBrowser, Visitor } from '../support/browser.ts';
import { startWithDatabase } from '../support/library.ts';
import type { Scene } from './scene.ts';
import { SCENES } from './scenes.ts';
import { SIGN_IN_SCENES } from './sign-in-scenes.ts';

const FOLDER = join(REPOSITORY, 'docs/screenshots');
const WIDTHS = { phone: 390, tablet: 820, wide: 1440 };
const HEIGHT = 900;
const THEMES = ['light', 'dark'] as const;

/** A picture of few colours needs no more than 64 of them: a third of the bytes. */
function shrink(path: string, picture: Buffer): void {
  const filter = 'split[a][b];[a]palettegen=max_colors=64:stats_mode=full[p];[b][p]paletteuse=dither=none';
  execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-i', 'pipe:0', '-vf', filter, path], { input: picture });
}

/** What the machine is called on which the pictures are made is nothing to show. */
async function nameMachine(route: Route): Promise<void> {
  const response = await route.fetch();
  await route.fulfill({ response, body: (await response.text()).replaceAll(`${hostname()}-`, 'studio-') });
}

async function shoot(browser: Browser, url: string, scene: Scene): Promise<void> {
  for (const colorScheme of THEMES) {
    for (const [size, width] of Object.entries(WIDTHS)) {
      const visitor = await Visitor.of(browser, { url }, { colorScheme, viewport: { width, height: HEIGHT } });
      await visitor.context.route('**/admin/**', nameMachine);
      const page = await visitor.open(typeof scene.path === 'string' ? scene.path : scene.path());
      await scene.ready?.(page);
      shrink(
        join(FOLDER, `${scene.name}-${colorScheme}-${size}.png`),
        await page.screenshot({ animations: 'disabled' }),
      );
      await visitor.close();
    }
  }
}

const chromium = installedChromium();
if ('skipped' in chromium) throw new Error(`No pictures: ${chromium.skipped}.`);
const wanted = process.argv.slice(2);
const isWanted = ({ name }: Scene) => wanted.length === 0 || wanted.includes(name);
mkdirSync(FOLDER, { recursive: true });
const folder = await temporaryFolder('screenshots');
const service = await startWithDatabase(`pglite:${join(folder, 'library')}`, {
  roles: [['prepare', 'transcribe', 'speak']],
});
const voices = await matchingParts();
if ('value' in voices) await linkVoices(voices.value.voices, service.modelDir);
const provider = await IdentityProviderServer.open();
const browser = await openBrowser(chromium.value);
try {
  for (const scene of SCENES) {
    await scene.prepare?.(service.url);
    if (isWanted(scene)) await shoot(browser, service.url, scene);
  }
  if (SIGN_IN_SCENES.some(isWanted)) {
    const apiEnv = { ...provider.settings, ADMIN_API_KEY: 'of operators', DATABASE_URL: 'none' };
    const { url } = await service.addApi(apiEnv);
    for (const scene of SIGN_IN_SCENES.filter(isWanted)) await shoot(browser, url, scene);
  }
} finally {
  await browser.close();
  await provider.stop();
  await service.close({ leftovers: true });
  rmSync(folder, { recursive: true, force: true });
}
