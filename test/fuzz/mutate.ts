/** Mutations of bytes and JSON values. The same seed gives the same mutations. */

/** Numbers from 0 to below 1, by mulberry32. */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

const WORDS = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff];

type ByteMutation = (bytes: Uint8Array<ArrayBuffer>, random: Random, reach: number) => Uint8Array<ArrayBuffer>;

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  (bytes, random, reach) => {
    for (let i = 0; i <= below(random, 8); i += 1) bytes[below(random, reach)] = below(random, 256);
    return bytes;
  },
  (bytes, random, reach) => {
    const at = below(random, Math.max(1, reach - 4));
    if (at + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(at, pick(random, WORDS), random() < 0.5);
    return bytes;
  },
  (bytes, random) => bytes.slice(0, below(random, bytes.length)),
  (bytes, random, reach) => {
    const from = below(random, reach);
    return bytes.copyWithin(below(random, reach), from, from + below(random, 64));
  },
  (bytes, random, reach) => {
    const from = below(random, reach);
    return bytes.fill(below(random, 2) * 255, from, from + below(random, 256));
  },
];

/** A changed copy: bytes, words, cuts, moved and blanked parts. `reach`: the part that is changed, from the start. */
export function mutateBytes(original: Uint8Array, random: Random, reach = original.length): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(original);
  for (let i = 0; i <= below(random, 3); i += 1) {
    if (bytes.length > 0) bytes = pick(random, BYTE_MUTATIONS)(bytes, random, Math.min(reach, bytes.length));
  }
  return bytes;
}

const ODD_VALUES: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 31,
  true,
  [],
  {},
  'constructor',
  '__proto__',
  '\0',
  '../../x',
  '😀'.repeat(50),
  [[[[]]]],
];

/** A changed copy of a JSON value: odd values, missing, additional and repeated entries. */
export function mutateJson(value: unknown, random: Random): unknown {
  const copy: unknown = structuredClone(value);
  const places = placesOf(copy);
  if (places.length === 0) return pick(random, ODD_VALUES);
  for (let i = 0; i <= below(random, 3); i += 1) {
    const { parent, key } = pick(random, places);
    const action = random();
    if (action < 0.2 && !Array.isArray(parent)) Reflect.deleteProperty(parent, key);
    else if (action < 0.3 && Array.isArray(parent)) parent.push(...structuredClone(parent).slice(0, 100));
    else if (action < 0.4 && Array.isArray(parent)) parent.length = below(random, parent.length + 1);
    else if (action < 0.6) Reflect.set(parent, key, structuredClone(valueAt(pick(random, places))));
    else Reflect.set(parent, key, structuredClone(pick(random, ODD_VALUES)));
  }
  return copy;
}

/** The value at a place; undefined where an earlier change has removed it. */
function valueAt({ parent, key }: Place): unknown {
  return Object.hasOwn(parent, key) ? Reflect.get(parent, key) : undefined;
}

interface Place {
  readonly parent: object;
  readonly key: string;
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [{ parent: value, key }, ...placesOf(Reflect.get(value, key))]);
}
