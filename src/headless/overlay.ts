import { type FaceModel, modelVertices } from '../face/face-model';
import { projectPoints } from '../face/projection';
import type { Face, TrackedFrame } from '../face/types';

const TINT = [255, 60, 90] as const;
const WIRE = 'rgba(80, 220, 255, 0.45)';
const POINT = '#ffe45c';

/** Draws what was tracked over its frame: mask tinted, the face's mesh as wires, the 68 points. JPEG. */
export type DrawOverlay = (tracked: TrackedFrame, occluder: Uint8Array) => Promise<Blob>;

/** `occluder` of the drawing function: 0 to 255, frame size. */
export function createOverlay(model: FaceModel): DrawOverlay {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas');
  const skin = skinTriangles(model);
  const vertices = new Float32Array(3 * model.vertexCount);
  const projected = new Float32Array(2 * model.vertexCount);

  const drawMesh = (face: Face) => {
    modelVertices(model, face.coefficients.identity, face.coefficients.expression, vertices);
    projectPoints(face.camera, model.origin, vertices, projected);
    context.strokeStyle = WIRE;
    context.lineWidth = 0.6;
    context.stroke(wires(skin, projected));
  };

  return async ({ frame, faces }, occluder) => {
    canvas.width = frame.width;
    canvas.height = frame.height;
    context.drawImage(frame.image, 0, 0);
    const picture = context.getImageData(0, 0, frame.width, frame.height);
    tint(picture.data, occluder);
    context.putImageData(picture, 0, 0);
    for (const face of faces) drawMesh(face);
    for (const face of faces) drawPoints(context, face.landmarks68);
    return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  };
}

/** Triangles whose corners are all of the part "face". */
function skinTriangles(model: FaceModel): Uint16Array {
  const kept: number[] = [];
  for (let t = 0; t < model.triangles.length; t += 3) {
    const corners = model.triangles.subarray(t, t + 3);
    if (corners.every((vertex) => model.part[vertex] === 0)) kept.push(...corners);
  }
  return Uint16Array.from(kept);
}

/** The triangles that face the viewer; they run clockwise on screen, where y points down. */
function wires(triangles: Uint16Array, points: Float32Array): Path2D {
  const path = new Path2D();
  const at = (vertex: number) => [points[2 * vertex] ?? 0, points[2 * vertex + 1] ?? 0] as const;
  for (let t = 0; t < triangles.length; t += 3) {
    const [ax, ay] = at(triangles[t] ?? 0);
    const [bx, by] = at(triangles[t + 1] ?? 0);
    const [cx, cy] = at(triangles[t + 2] ?? 0);
    if ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) >= 0) continue;
    path.moveTo(ax + 0.5, ay + 0.5); // The canvas's first pixel has its centre at 0.5, ours at 0.
    path.lineTo(bx + 0.5, by + 0.5);
    path.lineTo(cx + 0.5, cy + 0.5);
    path.closePath();
  }
  return path;
}

function tint(rgba: Uint8ClampedArray, occluder: Uint8Array): void {
  for (let i = 0; i < occluder.length; i += 1) {
    const weight = (0.55 * (occluder[i] ?? 0)) / 255;
    for (let channel = 0; channel < 3; channel += 1) {
      const value = rgba[4 * i + channel] ?? 0;
      rgba[4 * i + channel] = value + weight * ((TINT[channel] ?? 0) - value);
    }
  }
}

function drawPoints(context: OffscreenCanvasRenderingContext2D, points: Float32Array): void {
  context.fillStyle = POINT;
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc((points[i] ?? 0) + 0.5, (points[i + 1] ?? 0) + 0.5, 1.3, 0, 2 * Math.PI);
    context.fill();
  }
}
