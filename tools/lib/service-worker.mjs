/** Writes sw.js, the service worker of a built site, with the version that it stores. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { isCopy } from './compress-site.mjs';
import { HEADERS } from './serve.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const DEFAULT_BUNDLE = JSON.parse(readFileSync(join(ROOT, 'src/assets/default-bundle.json'), 'utf8')).name;

/** Of the site itself, only these folders and files are part of a version; the other pages are tools. */
const PARTS = ['models/', 'generated/', 'avatars/', 'filters/', 'icons/', 'manifest.webmanifest'];
/** WebAssembly with WebGPU, and other weights than the page's own. */
const OPTIONAL = new RegExp(`^generated/wasm/.*\\.(jspi|asyncify)\\.|^models/(?!${DEFAULT_BUNDLE}/)`);
const isText = (name) => /\.(html|m?js|css)$/.test(name);

/** The built files that a page loads, by the names that its files contain. */
function closure(site, page) {
  const built = new Set(readdirSync(join(site, 'assets')).filter((name) => !isCopy(name)));
  const found = new Set();
  const waiting = [page];
  for (let name = waiting.pop(); name; name = waiting.pop()) {
    if (!isText(name)) continue;
    for (const [match] of readFileSync(join(site, name), 'utf8').matchAll(/[\w.-]+\.(m?js|css|svg|wasm)\b/g)) {
      if (!built.has(match) || found.has(`assets/${match}`)) continue;
      found.add(`assets/${match}`);
      waiting.push(`assets/${match}`);
    }
  }
  return [...found];
}

const hash = (path) => createHash('sha256').update(readFileSync(path)).digest('base64');

/**
 * The version of a built site; see src/service-worker/version.ts.
 * @param {string} site
 */
export function versionOf(site) {
  const all = readdirSync(site, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  const isPart = (name) => PARTS.some((part) => name.startsWith(part)) && !isCopy(name) && !name.endsWith('.md');
  const parts = all.filter((name) => isPart(name) && statSync(join(site, name)).isFile());
  const names = ['index.html', ...closure(site, 'index.html'), ...parts].sort();
  const hashes = (wanted) => Object.fromEntries(names.filter(wanted).map((name) => [name, hash(join(site, name))]));
  const content = {
    files: hashes((name) => !OPTIONAL.test(name)),
    optional: hashes((name) => OPTIONAL.test(name)),
    headers: HEADERS,
  };
  const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  return { id, ...content };
}

/** @param {string} site  the folder of a built site; its other files are complete */
export async function writeServiceWorker(site) {
  const bundle = await rolldown({
    input: join(ROOT, 'src/service-worker/service-worker.ts'),
    platform: 'browser',
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true }).finally(() => bundle.close());
  writeFileSync(join(site, 'sw.js'), `const VERSION=${JSON.stringify(versionOf(site))};\n${output[0].code}`);
}
