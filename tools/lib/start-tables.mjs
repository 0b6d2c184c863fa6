/** Tables of bench:start. A report holds the first and the second visit: `stages` in ms by name, `sent` files. */

/** Names without a build's hash. */
const plain = (name) => name.replace(/^(assets\/.*)-[\w-]{8}(?=\.\w+$)/, '$1');

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Bytes by file; small scripts are one entry. */
export function byFile(sent) {
  const sums = new Map();
  for (const { name, bytes } of sent) {
    const key = /^assets\/.*\.(js|css)$/.test(name) ? 'scripts and styles' : plain(name) || 'index.html';
    sums.set(key, (sums.get(key) ?? 0) + bytes);
  }
  return sums;
}

export const total = (sent) => sent.reduce((sum, { bytes }) => sum + bytes, 0);

const kB = (bytes) => (bytes === undefined ? '–' : (bytes / 1000).toFixed(1));

/**
 * @typedef {{ name: string, bytes: number }} Sent
 * @typedef {{ stages: Record<string, number>, sent: Sent[] }} Visit
 */

/**
 * Kilobytes by file, the largest first.
 * @param {Visit[]} visits  the first and the second
 */
export function transferTable([first, second]) {
  const sums = [byFile(first.sent), byFile(second.sent)];
  const names = [...new Set([...sums[0].keys(), ...sums[1].keys()])];
  const size = (name) => sums[0].get(name) ?? 0;
  const rows = names
    .toSorted((a, b) => size(b) - size(a))
    .map((name) => `| ${name} | ${kB(sums[0].get(name))} | ${kB(sums[1].get(name))} |`);
  return [
    '| file | first visit, kB | second visit, kB |',
    '|---|---:|---:|',
    ...rows,
    `| total | ${kB(total(first.sent))} | ${kB(total(second.sent))} |`,
    `| requests | ${first.sent.length} | ${second.sent.length} |`,
  ].join('\n');
}

/**
 * Milliseconds by stage, in the order of the first visit.
 * @param {Visit[]} visits  the first and the second
 */
export function stageTable([first, second]) {
  const rows = Object.entries(first.stages)
    .toSorted(([, a], [, b]) => a - b)
    .map(([name, time]) => `| ${name} | ${Math.round(time)} | ${Math.round(second.stages[name])} |`);
  return ['| stage | first visit | second visit |', '|---|---:|---:|', ...rows].join('\n');
}
