/** Serves the built page on localhost with the headers of headers.json, and nothing outside its folders. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, InputError } from './input-error.mjs';
import { sendFile } from './served-file.mjs';

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

/** Names of this machine. Another name in the Host header means that a foreign page had its name resolved to this server. */
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** Requests of one connection that wait for their answer. Browsers send one at a time. */
const MOST_PENDING = 8;
const MOST_CONNECTIONS = 256;

function refuse(response, status, text, headers = {}) {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text);
}

/** A request that breaks off needs no answer. */
async function answerPost(request, response, { answer }) {
  const status = await answer(request).catch(() => 400);
  response.writeHead(status, HEADERS).end();
}

/** Returns a function that counts a request, and ends its connection where too many wait; true when it may be answered. */
function createPendingLimit() {
  const pending = new WeakMap();
  return ({ socket }, response) => {
    const count = (pending.get(socket) ?? 0) + 1;
    pending.set(socket, count);
    response.once('close', () => pending.set(socket, pending.get(socket) - 1));
    if (count > MOST_PENDING) socket.destroy();
    return !socket.destroyed;
  };
}

/** A number of a port in text; throws InputError for anything else. */
export function portOf(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InputError(`PORT=${text}: a port is a whole number from 0 to 65535; 0 takes a free one`);
}

/** Why a server cannot listen, in one sentence. */
function listenError(error, port) {
  const reason = {
    EADDRINUSE: 'another program uses it',
    EACCES: 'this user may not use it',
  }[error.code];
  if (!reason) return error;
  const message = `port ${port} cannot be used: ${reason}. Choose another one with PORT=NUMBER, or a free one with PORT=0`;
  return Object.assign(new InputError(message, { cause: error }), { code: error.code });
}

/** Milliseconds for the headers of a request, for a whole request, and without any traffic. */
const TIME_LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, timeout: 120_000 };

/** Calls `onSent` with the name and the bytes of each answer, headers included, as they went onto the connection. */
function reportSent(request, response, onSent) {
  const { socket } = request;
  const before = socket.bytesWritten;
  response.once('close', () => {
    const name = nameOf(request.url) ?? '';
    onSent({ name, status: response.statusCode, bytes: socket.bytesWritten - before });
  });
}

/**
 * Starts the server on localhost. Requests under another host's name are refused.
 * @param {object} [options]
 * @param {readonly string[]} [options.folders]  searched in this order
 * @param {Map<string, string>} [options.files]  further files: name below the root (no leading slash) to path
 * @param {Readonly<Record<string, string>>} [options.headers]  sent with each file
 * @param {{ path: string, answer(request: import('node:http').IncomingMessage): Promise<number> }} [options.post]  answers
 *   POST requests to a path with a status; without it the server is read-only
 * @param {number} [options.port]  0 takes a free one; a taken port is an InputError
 * @param {(sent: { name: string, status: number, bytes: number }) => void} [options.onSent]  called after each answer
 * @returns {Promise<{ origin: string, close(): Promise<void> }>}
 */
export function serve({ folders = FOLDERS, files = new Map(), headers = HEADERS, post, port = 0, onSent } = {}) {
  const find = (name) => files.get(name) ?? folders.map((folder) => inside(folder, name)).find(Boolean) ?? null;
  const isPermitted = createPendingLimit();
  const server = createServer(TIME_LIMITS, (request, response) => {
    if (!isPermitted(request, response)) return;
    if (onSent) reportSent(request, response, onSent);
    if (!LOCAL.test(request.headers.host ?? '')) {
      refuse(response, 421, 'This server answers under the name localhost only.');
      return;
    }
    if (post && request.method === 'POST' && request.url === post.path) {
      void answerPost(request, response, post);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, 'Only GET and HEAD are supported.', { Allow: 'GET, HEAD' });
      return;
    }
    const asked = nameOf(request.url ?? '/');
    const name = asked === '' || asked?.endsWith('/') ? `${asked}index.html` : asked;
    const path = name === null ? null : find(name);
    if (path) sendFile(request, response, { path, name, headers });
    else refuse(response, 404, 'Not found');
  });
  server.timeout = TIME_LIMITS.timeout;
  server.maxConnections = MOST_CONNECTIONS;
  const close = () =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return new Promise((done, reject) => {
    server.once('error', (error) => reject(listenError(error, port)));
    server.listen(port, 'localhost', () => done({ origin: `http://localhost:${server.address().port}`, close }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { origin } = await serve({ port: portOf(process.env.PORT ?? '0') });
    console.log(origin);
  } catch (error) {
    fail('serve', error);
  }
}
