import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const WORKER = 'service-worker.js';

/** Tells the service worker what it has to keep: all of the build but what is fetched when it is first needed. */
function listFiles(): Plugin {
  return {
    name: 'parley-list-files',
    apply: 'build',
    // After the page is written, whose content is part of the version.
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== 'chunk') throw new Error('There is no service worker in this build');
      const files = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name) && name !== WORKER && !isLater(name));
      const hash = createHash('sha256');
      for (const [name, output] of Object.entries(bundle)) {
        if (name !== WORKER) hash.update(name).update(output.type === 'chunk' ? output.code : output.source);
      }
      const build = JSON.stringify({ version: hash.digest('hex').slice(0, 16), files: [...files, 'icon.svg'] });
      worker.code = worker.code.replace('__BUILD__', build);
    },
  };
}

/** Refuses a build whose files need one another in a circle: what one of them begins with may not be there yet. */
function refuseCircles(): Plugin {
  return {
    name: 'parley-refuse-circles',
    apply: 'build',
    generateBundle(_options, bundle) {
      const done = new Set<string>();
      const follow = (name: string, path: readonly string[]) => {
        if (path.includes(name)) throw new Error(`Files need one another: ${[...path, name].join(', ')}`);
        if (done.has(name)) return;
        const output = bundle[name];
        if (output?.type === 'chunk') for (const next of output.imports) follow(next, [...path, name]);
        done.add(name);
      };
      for (const name of Object.keys(bundle)) follow(name, []);
    },
  };
}

/** The data of emojis is large, and many never open the picker. */
const isLater = (name: string): boolean => name.includes('emoji-data');

/** Below this a file fits into one packet of the network anyway, in bytes. */
const WORTH_COMPRESSING = 1_024;
/** Higher ones take seconds of each build for a few more percent. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Puts each file compressed beside itself, as the server looks for it. */
function compress(): Plugin {
  return {
    name: 'parley-compress',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      for (const output of Object.values(bundle)) {
        const content = Buffer.from(output.type === 'chunk' ? output.code : output.source);
        if (output.fileName.endsWith('.map') || content.length < WORTH_COMPRESSING) continue;
        await writeFile(join(dir, `${output.fileName}.br`), brotliCompressSync(content, BROTLI));
        await writeFile(join(dir, `${output.fileName}.gz`), gzipSync(content));
      }
    },
  };
}

/** The client is served by the server under `/app`; while it is being worked on, Vite passes calls on to one. */
export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss(), listFiles(), refuseCircles(), compress()],
  resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
  server: {
    proxy: {
      '^/(auth|users|conversations|messages|invites|sync|socket.io)': { target: 'http://localhost:3000', ws: true },
    },
  },
  build: {
    target: 'es2023',
    sourcemap: true,
    // A style or picture inside of a script or page would need a weaker Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The data of emojis, which is fetched when somebody searches for one.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: 'index.html', 'service-worker': 'src/offline/service-worker.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? WORKER : 'assets/[name]-[hash].js'),
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
        // What several parts of the client share is one file, and the libraries they share are put together by which of
        // them need them, small ones with the nearest other. Left alone it would be seventy files for a first screen, of
        // which a browser asks for six at a time; put together by need, files of the client would need one another. What
        // only menus and forms need stays apart, or small pieces would drag it along.
        codeSplitting: {
          groups: [
            {
              name: 'late',
              test: /node_modules[/](@radix-ui|@floating-ui|zod)[/]|[/]protocol[/]src[/]|[/]ui[/]menu/,
              priority: 1,
              minShareCount: 2,
              entriesAware: true,
            },
            {
              name: 'library',
              test: /node_modules[/]/,
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 20_480,
            },
            {
              name: (id, build) => (build.getModuleInfo(id)?.dynamicImporters.length ? null : 'shared'),
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
});
