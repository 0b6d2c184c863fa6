/** What the server sends for a path: the file, its encoding and its headers. */
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { contentType } from 'mime-types';
import send from 'send';

/** Ends of the names of compressed copies, by preference. Builds write them next to the files. */
export const ENCODINGS = { br: '.br', gzip: '.gz' };

const HASHED = /(^|\/)assets\/[^/]*-[\w-]{8}\.\w+$/;
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Files whose names contain their hash never change; all others are revalidated. */
export function cacheControl(name) {
  return HASHED.test(name) ? IMMUTABLE : 'no-cache';
}

/** Whether a client accepts a coding, by its Accept-Encoding header. */
function accepts(header, coding) {
  return header.split(',').some((part) => {
    const [name, ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === coding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** The coding of the smallest copy that the client accepts; null: the file itself. A range is a part of the file itself. */
function chooseEncoding(request, path) {
  const accepted = request.headers['accept-encoding'];
  if (!accepted || request.headers.range) return null;
  return (
    Object.keys(ENCODINGS).find((coding) => accepts(accepted, coding) && existsSync(path + ENCODINGS[coding])) ?? null
  );
}

/**
 * Answers with a file of the disk, with a compressed copy of it, or with the part that a Range header names.
 * @param {string} path  a file that may be sent
 * @param {string} name  its name below the root of the server
 * @param {Readonly<Record<string, string>>} headers  sent with each answer
 */
export function sendFile(request, response, { path, name, headers }) {
  const encoding = chooseEncoding(request, path);
  const sent = { ...headers, 'Cache-Control': cacheControl(name), Vary: 'Accept-Encoding' };
  response.setHeaders(new Map(Object.entries(sent)));
  response.setHeader('Content-Type', contentType(basename(path)) || 'application/octet-stream');
  if (encoding) response.setHeader('Content-Encoding', encoding);
  const file = encoding ? path + ENCODINGS[encoding] : path;
  const options = { root: dirname(file), dotfiles: 'allow', index: false, cacheControl: false };
  send(request, encodeURIComponent(basename(file)), options)
    .on('error', ({ status, headers: own }) => response.writeHead(status, { ...headers, ...own }).end())
    .pipe(response);
}
