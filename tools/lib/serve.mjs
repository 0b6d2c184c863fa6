/** Serves the built page on localhost with the headers of headers.json, and nothing outside its folders. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import send from 'send';

const ROOT = resolve(import.meta.dirname, '../..');
/** Bundles and generated files come fresh from public, the page itself from dist. */
export const PUBLIC = join(ROOT, 'public');
export const FOLDERS = [PUBLIC, join(ROOT, 'dist')];
export const HEADERS = JSON.parse(readFileSync(join(import.meta.dirname, 'headers.json'), 'utf8'));

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

/** Answers with a file of the disk, or with the part that a Range header names. */
function sendFile(request, response, path) {
  const options = { root: dirname(path), dotfiles: 'allow', index: false, cacheControl: false };
  const end = ({ status, headers }) => response.writeHead(status, { ...HEADERS, ...headers }).end();
  send(request, encodeURIComponent(basename(path)), options)
    .on('error', end)
    .pipe(response);
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
    if (path) {
      response.setHeaders(new Map(Object.entries({ ...HEADERS, 'Cache-Control': 'no-cache' })));
      sendFile(request, response, path);
    } else response.writeHead(404, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found');
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
