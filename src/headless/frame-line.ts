import { viewExpression } from '../face/expression';
import type { Face, TrackedFrame } from '../face/types';

/** Rounds to `digits` decimals. */
function round(value: number, digits: number): number {
  const unit = 10 ** digits;
  return Math.round(value * unit) / unit;
}

function rounded(values: Iterable<number>, digits: number): number[] {
  return Array.from(values, (value) => round(value, digits));
}

function pairs(points: Float32Array): number[][] {
  const flat = rounded(points, 2);
  return Array.from({ length: flat.length / 2 }, (_, i) => flat.slice(2 * i, 2 * i + 2));
}

function named(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value, 4)]));
}

function triples(points: Float32Array): number[][] {
  const flat = rounded(points, 2);
  return Array.from({ length: flat.length / 3 }, (_, i) => flat.slice(3 * i, 3 * i + 3));
}

function faceEntry(face: Face, { points478 }: LineOptions) {
  const { identity, expression, albedo, light } = face.coefficients;
  const { camera, crop } = face;
  return {
    id: face.id,
    state: face.state,
    presence: round(face.presence, 4),
    points68: pairs(face.landmarks68),
    ...(points478 ? { points478: triples(face.landmarks478) } : {}),
    pose: { rotation: rounded(face.pose.rotation, 6), translation: rounded(face.pose.translation, 2) },
    camera: {
      rotation: rounded(camera.rotation, 6),
      centre: rounded(camera.centre, 3),
      scale: round(camera.scale, 6),
      distance: camera.distance,
    },
    crop: {
      centreX: round(crop.centreX, 3),
      centreY: round(crop.centreY, 3),
      side: round(crop.side, 3),
      angle: round(crop.angle, 6),
    },
    coefficients: {
      identity: rounded(identity, 4),
      expression: named(viewExpression(expression)),
      albedo: rounded(albedo, 4),
      light: rounded(light, 4),
    },
    visibility: named(face.visibility),
  };
}

/** What the lines contain. */
export interface LineOptions {
  /** Whether each face has its 478 landmarks. */
  readonly points478: boolean;
  /** The vertical field of view that the poses assume, degrees. */
  readonly fov: number;
}

/** One line of frames.jsonl (docs/formats.md), without the line break. */
export function frameLine(tracked: TrackedFrame, file: string, options: LineOptions): string {
  const { frame, faces, timings, provider } = tracked;
  return JSON.stringify({
    file,
    index: frame.index,
    time: round(frame.time, 6),
    width: frame.width,
    height: frame.height,
    fov: options.fov,
    provider,
    ms: Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, round(ms, 3)])),
    faces: faces.map((face) => faceEntry(face, options)),
  });
}
