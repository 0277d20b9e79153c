import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeWith, type Resource, runCommand, type Service, startService, temporaryFolder } from '@sotto/testkit';

jest.setTimeout(120_000);

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

async function installedBrowser(): Promise<Resource<string>> {
  for (const value of BROWSERS) {
    if ((await runCommand('/bin/sh', ['-c', `command -v ${value}`])).code === 0) return { value };
  }
  return { skipped: `none of ${BROWSERS.join(', ')} is installed` };
}

describeWith(await installedBrowser(), 'the documentation pages in a browser', (browser) => {
  let service: Service;
  let profile: string;
  beforeAll(async () => {
    [service, profile] = await Promise.all([startService({ workers: 0 }), temporaryFolder('browser')]);
  });
  afterAll(async () => {
    await service?.close();
    await rm(profile, { recursive: true, force: true });
  });

  /** The page after its scripts have run. */
  async function shown(path: string): Promise<string> {
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${profile}`,
      '--enable-logging=stderr',
    ];
    const page = ['--virtual-time-budget=20000', '--dump-dom', service.url + path];
    const { stdout, stderr } = await runCommand(browser, [...flags, ...page], { timeoutMs: 100_000 });
    expect(stderr.match(/CONSOLE.*Uncaught.*/g)).toBeNull();
    return stdout.toString('utf8');
  }

  it.each(['/docs', '/v1/docs'])(
    '%s shows the call in its address, and the recording first among fields',
    async (path) => {
      const text = await shown(`${path}#/transcription/postTranscribe`);
      expect(text).toContain('id="operations-transcription-postTranscribe"');
      expect(text.match(/data-property-name="(\w+)"/)?.[1]).toBe('file');
      // It draws no more of a long list than can be seen.
      expect(await shown(`${path}#/jobs/getJobsIdEvents`)).toContain('id="operations-jobs-getJobsIdEvents"');
    },
  );

  it.each(['/redoc', '/v1/redoc'])('%s shows every call', async (path) => {
    const text = await shown(path);
    expect(text).toContain('Transcribe a recording');
    expect(text).toContain('Search a transcript');
  });
});
