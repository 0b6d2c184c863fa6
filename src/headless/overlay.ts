import { at, byteAt, clampedByteAt } from '../face/at';
import { type FaceModel, modelVertices } from '../face/face-model';
import { projectPoints } from '../face/projection';
import type { Face, TrackedFrame } from '../face/types';
import { createFrameCanvas } from './frame-canvas';

const TINT = [255, 60, 90] as const;
const WIRE = 'rgba(80, 220, 255, 0.45)';
const POINT = '#ffe45c';

/** Draws the tinted mask, the face meshes as wireframes and the 68 points over the frame; returns a JPEG. */
export type DrawOverlay = (tracked: TrackedFrame, occluder: Uint8Array) => Promise<Blob>;

/** The drawing function receives `occluder` in frame size, 0 to 255. */
export function createOverlay(model: FaceModel): DrawOverlay {
  const draw = createFrameCanvas();
  const skin = skinTriangles(model);
  const vertices = new Float32Array(3 * model.vertexCount);
  const projected = new Float32Array(2 * model.vertexCount);

  const drawMesh = (context: OffscreenCanvasRenderingContext2D, face: Face) => {
    modelVertices(model, face.coefficients.identity, face.coefficients.expression, vertices);
    projectPoints(face.camera, model.origin, vertices, projected);
    context.strokeStyle = WIRE;
    context.lineWidth = 0.6;
    context.stroke(wires(skin, projected));
  };

  return async ({ frame, faces }, occluder) => {
    const { context, picture } = draw(frame);
    tintOccluder(picture.data, occluder);
    context.putImageData(picture, 0, 0);
    for (const face of faces) drawMesh(context, face);
    for (const face of faces) drawPoints(context, face.landmarks68);
    return context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  };
}

/** The triangles of the part "face". */
function skinTriangles(model: FaceModel): Uint16Array {
  const kept: number[] = [];
  for (let t = 0; t < model.triangles.length; t += 3) {
    const corners = model.triangles.subarray(t, t + 3);
    if (corners.every((vertex) => model.part[vertex] === 0)) kept.push(...corners);
  }
  return Uint16Array.from(kept);
}

/** The outlines of the triangles that face the viewer. On screen, where y points down, these are clockwise. */
function wires(triangles: Uint16Array, points: Float32Array): Path2D {
  const path = new Path2D();
  const corner = (i: number) => {
    const vertex = at(triangles, i);
    return [at(points, 2 * vertex), at(points, 2 * vertex + 1)] as const;
  };
  for (let t = 0; t < triangles.length; t += 3) {
    const [ax, ay] = corner(t);
    const [bx, by] = corner(t + 1);
    const [cx, cy] = corner(t + 2);
    if ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) >= 0) continue;
    path.moveTo(ax + 0.5, ay + 0.5); // A canvas has its first pixel's centre at 0.5, frame coordinates at 0.
    path.lineTo(bx + 0.5, by + 0.5);
    path.lineTo(cx + 0.5, cy + 0.5);
    path.closePath();
  }
  return path;
}

function tintOccluder(rgba: Uint8ClampedArray, occluder: Uint8Array): void {
  for (let i = 0; i < occluder.length; i += 1) {
    const weight = (0.55 * byteAt(occluder, i)) / 255;
    TINT.forEach((tint, channel) => {
      const value = clampedByteAt(rgba, 4 * i + channel);
      rgba[4 * i + channel] = value + weight * (tint - value);
    });
  }
}

function drawPoints(context: OffscreenCanvasRenderingContext2D, points: Float32Array): void {
  context.fillStyle = POINT;
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(at(points, i) + 0.5, at(points, i + 1) + 0.5, 1.3, 0, 2 * Math.PI);
    context.fill();
  }
}
