import { at } from '../../src/face/at';
import type { Lens } from '../../src/face/projection';

/** Samples per pixel along each axis. */
export const SAMPLES = 2;

/** A triangle mesh in the frame's camera (mm; x right, y up, z to the viewer) with a colour per vertex. */
export interface Surface {
  /** n × 3. */
  readonly positions: Float32Array;
  /** n × 3, linear light, 1 is white. */
  readonly colours: Float32Array;
  /** Counter-clockwise seen from outside; only that side is drawn. */
  readonly triangles: ArrayLike<number>;
  /** Label of the object that the surface belongs to, 1 to 8. */
  readonly label: number;
}

/** Samples of a picture, row by row, 2 × 2 a pixel. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Linear RGB. */
  readonly colour: Float32Array;
  /** 1 / distance along the optical axis in mm; 0: nothing there. */
  readonly nearness: Float32Array;
  /** Label of the nearest surface; 0 for none. */
  readonly label: Uint8Array;
  /** Bit label − 1 is set where a surface of that label lies, hidden or not. */
  readonly touched: Uint8Array;
}

/** An empty canvas for a picture of width × height pixels. */
export function createCanvas(width: number, height: number): Canvas {
  const size = { width: width * SAMPLES, height: height * SAMPLES };
  const length = size.width * size.height;
  return {
    ...size,
    colour: new Float32Array(3 * length),
    nearness: new Float32Array(length),
    label: new Uint8Array(length),
    touched: new Uint8Array(length),
  };
}

export function clearCanvas({ nearness, label, touched }: Canvas): void {
  for (const buffer of [nearness, label, touched]) buffer.fill(0);
}

/** Converts pixel coordinates to sample coordinates: sample i lies at pixel (i + 0.5) / 2 − 0.5. */
export function sampleOfPixel(pixel: number): number {
  return (pixel + 0.5) * SAMPLES - 0.5;
}

/** Draws the front faces of a surface with depth test. Colours are interpolated linearly in a triangle. */
export function drawSurface(canvas: Canvas, lens: Lens, surface: Surface): void {
  const { triangles, positions } = surface;
  const count = positions.length / 3;
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const nearness = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const depth = -at(positions, 3 * i + 2);
    nearness[i] = 1 / depth;
    x[i] = sampleOfPixel(lens.centreX + (lens.focal * at(positions, 3 * i)) / depth);
    y[i] = sampleOfPixel(lens.centreY - (lens.focal * at(positions, 3 * i + 1)) / depth);
  }
  const corners: Corners = { x, y, nearness };
  for (let t = 0; t < triangles.length; t += 3) {
    drawTriangle(canvas, corners, surface, at(triangles, t), at(triangles, t + 1), at(triangles, t + 2));
  }
}

interface Corners {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly nearness: Float32Array;
}

function drawTriangle(canvas: Canvas, corners: Corners, surface: Surface, a: number, b: number, c: number): void {
  const { x, y, nearness } = corners;
  const ax = at(x, a);
  const ay = at(y, a);
  const bx = at(x, b);
  const by = at(y, b);
  const cx = at(x, c);
  const cy = at(y, c);
  const na = at(nearness, a);
  const nb = at(nearness, b);
  const nc = at(nearness, c);
  // As y points down, front faces have a negative area.
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  if (!(area < 0) || na <= 0 || nb <= 0 || nc <= 0) return;
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx)));
  const right = Math.min(canvas.width - 1, Math.floor(Math.max(ax, bx, cx)));
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy)));
  const bottom = Math.min(canvas.height - 1, Math.floor(Math.max(ay, by, cy)));
  const bit = 1 << (surface.label - 1);
  const { colours } = surface;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const wa = ((bx - column) * (cy - row) - (cx - column) * (by - row)) / area;
      const wb = ((cx - column) * (ay - row) - (ax - column) * (cy - row)) / area;
      const wc = 1 - wa - wb;
      if (wa < 0 || wb < 0 || wc < 0) continue;
      const i = row * canvas.width + column;
      canvas.touched[i] = at(canvas.touched, i) | bit;
      const near = wa * na + wb * nb + wc * nc;
      if (near <= at(canvas.nearness, i)) continue;
      canvas.nearness[i] = near;
      canvas.label[i] = surface.label;
      for (let k = 0; k < 3; k++) {
        canvas.colour[3 * i + k] =
          wa * at(colours, 3 * a + k) + wb * at(colours, 3 * b + k) + wc * at(colours, 3 * c + k);
      }
    }
  }
}
