/** Limits of a soak test: each gate with its value, its limit, and whether it holds. */

const MEGABYTE = 2 ** 20;
/** Tolerance of heap sizes, relative and in bytes: garbage collection is not exact. */
const HEAP = { share: 0.1, bytes: 2 * MEGABYTE };

const heapLimit = (before) => before * (1 + HEAP.share) + HEAP.bytes;

/**
 * @param {object} result  what `soak` measured
 * @param {{ rounds: number, losses: number }} wanted  least counts
 * @param {number} [back]  milliseconds in which a network must be back
 * @returns {{ name: string, value: number, limit: number, unit: string, ok: boolean }[]}
 */
export function judge(result, wanted, back = 2000) {
  const { before, after } = result;
  const most = (name, value, limit, unit = '') => ({ name, value, limit, unit, ok: value <= limit });
  const least = (name, value, limit, unit = '') => ({ name, value, limit, unit, ok: value >= limit });
  return [
    least('times the mouth was covered', result.covered, wanted.rounds),
    least('times the face was lost', result.lost, wanted.rounds),
    least('times the network’s device was lost', result.losses.length, wanted.losses),
    most('longest time until it was back', Math.max(0, ...result.losses), back, 'ms'),
    most('frames open at the end', after.frames, 0),
    most('sessions open at the end', after.sessions, before.sessions),
    most('GPU objects of the page at the end', after.gpu, before.gpu),
    most('heap of the page at the end', after.heap, heapLimit(before.heap), 'B'),
    most('heap of the worker at the end', after.workerHeap, heapLimit(before.workerHeap), 'B'),
    most('errors of the page', result.errors.length, 0),
    most('frames tracked while the tab was hidden', result.offWhileHidden ? 0 : 1, 0),
    ...(result.webgpu ? [least('WebGPU devices that came back', result.webgpu.error ? 0 : 1, 1)] : []),
  ];
}

const shown = (value, unit) =>
  unit === 'B' ? `${(value / MEGABYTE).toFixed(2)} MB` : `${Number(value.toFixed(0))}${unit && ` ${unit}`}`;

/** The gates as a Markdown table. */
export function table(gates) {
  return [
    '| what | measured | limit | holds |',
    '|---|---|---|---|',
    ...gates.map(({ name, value, limit, unit, ok }) => {
      return `| ${name} | ${shown(value, unit)} | ${shown(limit, unit)} | ${ok ? 'yes' : '**no**'} |`;
    }),
  ].join('\n');
}
