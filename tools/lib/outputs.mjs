/** What `npm start` permits the page to send to other programs: headers and outputs.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from './input-error.mjs';
import { HEADERS } from './serve.mjs';

const CACHE = resolve(import.meta.dirname, '../../.cache/outputs');
const POLICY = 'Content-Security-Policy';

/**
 * An address HOST:PORT.
 * @throws {InputError} naming the option for anything else
 */
export function addressOf(option, text) {
  const [, host, digits] = /^([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host && port >= 1 && port <= 65535) return { host, port };
  throw new InputError(`${option} ${text}: an address is HOST:PORT, for example localhost:8001`);
}

/**
 * What the server sends for the outputs that are switched on. Without any, the policy permits the page's own origin only.
 * @param {{ vts?: string, bridge?: readonly string[] }} options  vts: HOST:PORT of VTube Studio; bridge: its targets
 * @returns {{ headers: Record<string, string>, files: Map<string, string> }}
 */
export function openOutputs({ vts, bridge = [] }) {
  if (vts === undefined && bridge.length === 0) return { headers: HEADERS, files: new Map() };
  const url = vts === undefined ? null : webSocketUrl(vts);
  // The bridge is part of the page's own server.
  const policy = url ? HEADERS[POLICY].replace("connect-src 'self'", `connect-src 'self' ${url}`) : HEADERS[POLICY];
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, `outputs-${process.pid}.json`);
  writeFileSync(file, JSON.stringify({ vts: url, bridge }));
  return { headers: { ...HEADERS, [POLICY]: policy }, files: new Map([['outputs.json', file]]) };
}

function webSocketUrl(text) {
  const { host, port } = addressOf('--vts', text);
  return `ws://${host}:${port}`;
}
