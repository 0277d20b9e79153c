import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const BASE = '/app/';
/** Where `pnpm --filter @sotto/web dev` finds an API to talk to. */
const API = process.env.SOTTO_URL ?? 'http://127.0.0.1:8000';

/** Fonts are passed on with their licences, which `licences.md` leaves out. */
const fontLicences: Plugin = {
  name: 'font-licences',
  generateBundle() {
    const { resolve } = createRequire(import.meta.url);
    const texts = ['instrument-sans', 'newsreader'].map((font) =>
      readFileSync(resolve(`@fontsource-variable/${font}/LICENSE`), 'utf8'),
    );
    this.emitFile({ type: 'asset', fileName: 'font-licences.txt', source: texts.join('\n\n') });
  },
};

/** The recordings of the self-test, for whoever has none at hand. */
const samples: Plugin = {
  name: 'samples',
  generateBundle() {
    const { resolve } = createRequire(import.meta.url);
    const president = join(dirname(resolve('nodejs-whisper/package.json')), 'cpp/whisper.cpp/samples/jfk.mp3');
    const forNano = new URL('../cli/assets/sample-nano.wav', import.meta.url);
    this.emitFile({ type: 'asset', fileName: 'sample.mp3', source: readFileSync(president) });
    this.emitFile({ type: 'asset', fileName: 'sample-nano.wav', source: readFileSync(forNano) });
  },
};

/** What the entry imports while it runs is fetched with it: it is divided for the sake of short tasks, not to be loaded later. */
const preloads: Plugin = {
  name: 'preloads',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {}, chunk }) {
      const names = new Set(chunk?.dynamicImports);
      for (const name of names) {
        const part = bundle[name];
        if (part?.type === 'chunk') for (const imported of part.imports) names.add(imported);
      }
      const preloaded = [...names].filter((name) => !chunk?.imports.includes(name));
      return preloaded.map((name) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: BASE + name },
      }));
    },
  },
};

/** Text, each file a third of its size, once here instead of for each visitor. Browsers take Brotli over HTTPS only. */
const compressed: Plugin = {
  name: 'compressed',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name)) continue;
      const file = join(dir, name);
      const bytes = readFileSync(file);
      writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${file}.br`, brotliCompressSync(bytes));
    }
  },
};

export default defineConfig({
  base: BASE,
  plugins: [react(), fontLicences, samples, preloads, compressed],
  // Our packages from their source, as the compiler sees them.
  resolve: { conditions: ['@sotto/source', ...defaultClientConditions] },
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licences.md' },
  },
  server: { proxy: { '^/(?!app/)': API } },
});
