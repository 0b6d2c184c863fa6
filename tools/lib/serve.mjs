/** Serves the built page on localhost with the headers of headers.json, and nothing outside its folders. */
import { createReadStream, readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(import.meta.dirname, '../..');
/** Bundles and generated files come fresh from public, the page itself from dist. */
export const PUBLIC = join(ROOT, 'public');
export const FOLDERS = [PUBLIC, join(ROOT, 'dist')];
export const HEADERS = JSON.parse(readFileSync(join(import.meta.dirname, 'headers.json'), 'utf8'));

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.mov': 'video/quicktime',
  '.txt': 'text/plain; charset=utf-8',
};

/** The file's real path when it is a file inside the folder, links followed; else null. */
function inside(folder, name) {
  try {
    const root = realpathSync(folder);
    const path = realpathSync(join(root, name));
    return path.startsWith(root + sep) && statSync(path).isFile() ? path : null;
  } catch {
    return null;
  }
}

/** The URL's path, decoded, as a name below a folder; null when it cannot be one. */
function nameOf(url) {
  try {
    const name = decodeURIComponent(new URL(url, 'http://localhost').pathname).slice(1);
    return name.includes('\0') || name.includes('\\') ? null : name;
  } catch {
    return null;
  }
}

/** The byte range asked for: [first, last], null for all, undefined when it cannot be met. */
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [first, last] =
    match[1] === ''
      ? [Math.max(0, size - Number(match[2])), size - 1]
      : [Number(match[1]), match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)];
  return first <= last && first < size ? [first, last] : undefined;
}

function send(request, response, path) {
  const size = statSync(path).size;
  const range = parseRange(request.headers.range, size);
  const headers = {
    ...HEADERS,
    'Content-Type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'no-cache',
  };
  if (range === undefined) {
    response.writeHead(416, { ...headers, 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  const [first, last] = range ?? [0, size - 1];
  const partial = range ? { 'Content-Range': `bytes ${first}-${last}/${size}` } : {};
  response.writeHead(range ? 206 : 200, { ...headers, ...partial, 'Content-Length': last - first + 1 });
  if (request.method === 'HEAD' || size === 0) response.end();
  else pipeline(createReadStream(path, { start: first, end: last }), response, () => {});
}

/**
 * Starts the server on localhost.
 * @param {object} [options]
 * @param {readonly string[]} [options.folders]  searched in this order
 * @param {Map<string, string>} [options.files]  further files: name below the root (no leading slash) to path
 * @param {number} [options.port]  0 takes a free one; a taken port is an error
 * @returns {Promise<{ origin: string, close(): Promise<void> }>}
 */
export function serve({ folders = FOLDERS, files = new Map(), port = 0 } = {}) {
  const find = (name) => files.get(name) ?? folders.map((folder) => inside(folder, name)).find(Boolean) ?? null;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...HEADERS, Allow: 'GET, HEAD' }).end();
      return;
    }
    const name = nameOf(request.url ?? '/');
    const path = name === null ? null : find(name === '' ? 'index.html' : name);
    try {
      if (path) send(request, response, path);
      else response.writeHead(404, { ...HEADERS, 'Content-Type': TYPES['.txt'] }).end('Not found');
    } catch {
      response.writeHead(500, HEADERS).end();
    }
  });
  const close = () =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, 'localhost', () => done({ origin: `http://localhost:${server.address().port}`, close }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { origin } = await serve({ port: Number(process.env.PORT ?? 0) });
  console.log(origin);
}
