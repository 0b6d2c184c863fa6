import * as v from 'valibot';
import { EXPRESSION_NAMES, REGIONS } from '../face/types';

/** The manifest of a bundle, version 1. Every convention is a literal: other values are refused. */

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'sha256: 64 hexadecimal digits expected'));
const fileName = v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'files: a plain file name expected'));

/** Exactly these values in this order. */
const exactly = <const T extends readonly (string | number)[]>(...values: T) =>
  v.custom<T>(
    (found) => JSON.stringify(found) === JSON.stringify(values),
    ({ input }) => `expected ${JSON.stringify(values)}, found ${JSON.stringify(input)}`,
  );

/** One of these lists. */
const oneOf = <const A extends readonly (string | number)[], const B extends readonly (string | number)[]>(
  a: A,
  b: B,
) =>
  v.custom<A | B>(
    (found) => [a, b].some((list) => JSON.stringify(found) === JSON.stringify(list)),
    ({ input }) => `expected ${JSON.stringify(a)} or ${JSON.stringify(b)}, found ${JSON.stringify(input)}`,
  );

const output = <const S extends readonly number[], A extends 'none' | 'sigmoid'>(shape: S, activation: A) => ({
  shape: exactly(...shape),
  activation: v.literal(activation),
});

export const manifestSchema = v.object({
  format: v.literal('peekaboo-bundle'),
  version: v.literal(1),
  name: v.string(),
  terms: v.string(),
  /** What openly licensed weights were trained on; `count`: pictures, 0 for models and meshes. */
  sources: v.optional(
    v.array(
      v.object({
        name: v.string(),
        use: v.string(),
        licence: v.string(),
        attribution: v.string(),
        count: v.pipe(v.number(), v.integer(), v.minValue(0)),
      }),
    ),
  ),
  files: v.object({ network: fileName, faceModel: fileName, landmarkShift: v.optional(fileName) }),
  input: v.object({
    name: v.literal('image'),
    shape: exactly(1, 3, 192, 192),
    channels: v.literal('RGB'),
    range: exactly(0, 1),
  }),
  outputs: v.object({
    identity: v.object(output([1, 80], 'none')),
    expression: v.object(output([1, 52], 'sigmoid')),
    pose: v.object({
      ...output([1, 9], 'none'),
      slices: v.object({ rotation6d: exactly(0, 6), translation: exactly(6, 8), logScale: exactly(8, 9) }),
    }),
    albedo: v.object(output([1, 10], 'none')),
    light: v.object(output([1, 27], 'none')),
    presence: v.object({
      ...output([1, 1], 'sigmoid'),
      threshold: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    }),
    mask: v.pipe(
      v.object({
        shape: oneOf([1, 2, 96, 96], [1, 3, 96, 96]),
        activation: v.literal('sigmoid'),
        channels: oneOf(['occluder', 'skin'], ['occluder', 'skin', 'own']),
      }),
      v.check(({ shape, channels }) => shape[1] === channels.length, 'shape and channels do not agree'),
    ),
  }),
  crop: v.object({ size: v.literal(192), centre: v.literal(95.5), scale: v.literal(1.5), maskCell: v.literal(2) }),
  pose: v.object({
    distance: v.literal(800),
    baseScale: v.literal(0.8),
    halfCrop: v.literal(96),
    axes: v.literal("x subject's left, y up, z to the viewer"),
  }),
  light: v.object({
    base: v.literal(3.2),
    gamma: v.literal(2.2),
    order: v.literal('1 y z x xy yz 3zz-1 xz xx-yy'),
  }),
  /** Format of the file `landmarkShift`; undefined without such a file. */
  landmarkShift: v.optional(
    v.object({
      points: v.literal(478),
      rank: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(138)),
      inputs: exactly('identity', 'expression', 'x', 'y', 'xx', 'xy', 'yy', '1'),
      unit: v.literal('mm'),
    }),
  ),
  expressionNames: exactly(...EXPRESSION_NAMES),
  regionNames: exactly(...REGIONS),
  figures: v.record(v.string(), v.unknown()),
  sha256: v.record(v.string(), sha256),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** The manifest, or the first error with its path in the manifest. */
export function checkManifest(json: unknown): { manifest: Manifest } | { reason: string } {
  const result = v.safeParse(manifestSchema, json);
  if (result.success) return { manifest: result.output };
  const issue = result.issues[0];
  return { reason: `manifest: ${v.getDotPath(issue) ?? 'document'}: ${issue.message}` };
}
