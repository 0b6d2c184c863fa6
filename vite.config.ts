import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { filterUpdates } from './tools/filter-updates.mjs';
import { bundleLicences } from './tools/lib/bundle-licences.mjs';
import { withoutMissingSourceMaps } from './tools/missing-source-maps.mjs';

/** The headers every page of Peekaboo is served with; tools/lib/serve.mjs reads the same file. */
const headers = JSON.parse(readFileSync(resolve(import.meta.dirname, 'tools/lib/headers.json'), 'utf8')) as Record<
  string,
  string
>;

const licences = bundleLicences();

const page = (name: string) => resolve(import.meta.dirname, name);

export default defineConfig({
  // The page works below any path of a server.
  base: './',
  // onnxruntime-web without its WebAssembly: its files are served from public/generated.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  plugins: [filterUpdates(), withoutMissingSourceMaps(), licences.page],
  server: {
    headers,
    host: 'localhost',
    watch: { ignored: ['**/.venv/**', '**/data/**', '**/out/**', '**/.cache/**'] },
  },
  preview: { headers, host: 'localhost' },
  worker: { format: 'es', plugins: () => [licences.worker] },
  optimizeDeps: { exclude: ['onnxruntime-web', '@mediapipe/tasks-vision'] },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2048,
    rollupOptions: {
      input: {
        index: page('index.html'),
        track: page('track.html'),
        render: page('render.html'),
        bench: page('bench.html'),
        soak: page('soak.html'),
      },
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/engines/**', 'test/package/**', 'test/consumers/**', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          environment: 'node',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'consumers',
          environment: 'node',
          include: ['test/consumers/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          environment: 'node',
          include: ['test/engines/**/*.test.ts'],
          globalSetup: ['test/engines/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          environment: 'node',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
