/** Sums up sampling heap profiles of V8 per function, with source positions from source maps. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, posix } from 'node:path';

/** Nodes of a profile's call tree, each with its nearest caller that has a source; built-in functions have none. */
function* nodesOf(node, caller) {
  yield { node, caller };
  const next = node.callFrame.url ? node.callFrame : caller;
  for (const child of node.children ?? []) yield* nodesOf(child, next);
}

/** The path of a source inside the project: `../../src/a.ts` → `src/a.ts`, packages from their own folder on. */
const shorten = (source) =>
  posix
    .normalize(source)
    .replace(/^(\.\.\/)+/, '')
    .replace(/^.*\/node_modules\//, '')
    .replace(/^node_modules\//, '');

/**
 * Names source positions of a built page.
 * @param {string | undefined} dist  folder of the build with its source maps; without it positions stay those of the build
 * @returns {(frame: { functionName: string, url: string, lineNumber: number, columnNumber: number }) => string}
 */
export function positionNamer(dist) {
  const maps = new Map();
  const mapOf = (path) => {
    if (!maps.has(path)) {
      const file = dist && path && join(dist, `${path}.map`);
      maps.set(path, file && existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null);
    }
    return maps.get(path);
  };
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const name = functionName || '(anonymous)';
    if (!url) return name;
    const path = URL.canParse(url) ? decodeURIComponent(new URL(url).pathname) : '';
    const entry = mapOf(path)?.findEntry(lineNumber, columnNumber);
    if (entry?.originalSource) return `${name}  ${shorten(entry.originalSource)}:${entry.originalLine + 1}`;
    return `${name}  ${posix.basename(path) || url}:${lineNumber + 1}`;
  };
}

/**
 * @param {{ head: object }} profile  of `HeapProfiler.stopSampling`
 * @param {number} frames  tracked frames in the profile
 * @param {ReturnType<typeof positionNamer>} nameOf
 * @returns {{ bytes: number, functions: { name: string, bytes: number }[] }} bytes per frame, the largest functions first
 */
export function bytesPerFrame({ head }, frames, nameOf) {
  const totals = new Map();
  let total = 0;
  for (const { node, caller } of nodesOf(head)) {
    const { callFrame, selfSize } = node;
    if (selfSize === 0) continue;
    total += selfSize;
    const name = callFrame.url || !caller ? nameOf(callFrame) : `${nameOf(callFrame)} in ${nameOf(caller)}`;
    totals.set(name, (totals.get(name) ?? 0) + selfSize);
  }
  const functions = [...totals]
    .map(([name, bytes]) => ({ name, bytes: bytes / frames }))
    .sort((a, b) => b.bytes - a.bytes);
  return { bytes: total / frames, functions };
}
