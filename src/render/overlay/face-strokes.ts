import { at, float32At } from '../../face/at';
import { projectPoints } from '../../face/projection';
import type { Crop, Face } from '../../face/types';
import type { StrokeBuffer, Tone } from './strokes';

/** The overlays that are strokes: all but the mask's tint. */
export interface StrokeOverlays {
  readonly crop: boolean;
  readonly points: boolean;
  readonly axes: boolean;
}

/** Maximum number of strokes per face. */
export const STROKES_PER_FACE = 68 + 4 + 3;

const CROP_TONE: Tone = [1, 0.82, 0.4, 0.9];
const POINT_TONE: Tone = [1, 1, 1, 0.95];
const AXIS_TONES: readonly Tone[] = [
  [1, 0.36, 0.36, 1],
  [0.45, 0.9, 0.4, 1],
  [0.38, 0.62, 1, 1],
];
const AXIS_LENGTH = 70;

/** Adds one face's overlays. `unit`: frame pixels per CSS pixel. */
export function addFaceStrokes(face: Face, overlays: StrokeOverlays, unit: number, strokes: StrokeBuffer): void {
  if (overlays.crop) addSquare(face.crop, unit, strokes);
  if (overlays.points) addPoints(face.landmarks68, unit, strokes);
  if (overlays.axes) addAxes(face, unit, strokes);
}

/** The crop's corners, 4 × (x, y), frame pixels, clockwise from the upper left of the rotated square. */
export function cropCorners({ centreX, centreY, side, angle }: Crop): number[] {
  const cos = (Math.cos(angle) * side) / 2;
  const sin = (Math.sin(angle) * side) / 2;
  const signs = [-1, -1, 1, -1, 1, 1, -1, 1];
  const corners: number[] = [];
  for (let i = 0; i < 8; i += 2) {
    const x = at(signs, i);
    const y = at(signs, i + 1);
    corners.push(centreX + cos * x - sin * y, centreY + sin * x + cos * y);
  }
  return corners;
}

function addSquare(crop: Crop, unit: number, strokes: StrokeBuffer): void {
  const corners = cropCorners(crop);
  for (let i = 0; i < 8; i += 2) {
    const [x1 = 0, y1 = 0] = [corners[i], corners[i + 1]];
    const [x2 = 0, y2 = 0] = [corners[(i + 2) % 8], corners[(i + 3) % 8]];
    strokes.add({ x1, y1, x2, y2, radius: unit, tone: CROP_TONE }, unit);
  }
}

function addPoints(points: Float32Array, unit: number, strokes: StrokeBuffer): void {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = float32At(points, i);
    const y = float32At(points, i + 1);
    strokes.add({ x1: x, y1: y, x2: x, y2: y, radius: 1.8 * unit, tone: POINT_TONE }, unit);
  }
}

const axes = new Float32Array([0, 0, 0, AXIS_LENGTH, 0, 0, 0, AXIS_LENGTH, 0, 0, 0, AXIS_LENGTH]);
const ends = new Float32Array(8);

function addAxes({ camera }: Face, unit: number, strokes: StrokeBuffer): void {
  projectPoints(camera, [0, 0, 0], axes, ends);
  const [x1 = 0, y1 = 0] = ends;
  AXIS_TONES.forEach((tone, axis) => {
    const x2 = float32At(ends, 2 * axis + 2);
    const y2 = float32At(ends, 2 * axis + 3);
    strokes.add({ x1, y1, x2, y2, radius: 1.6 * unit, tone }, unit);
  });
}
