import { at, float32At, uint16At } from '../face/at';
import { type FaceModel, modelAlbedo } from '../face/face-model';
import { outerTriangles } from './neutral-mesh';

/** Pixels of a side. */
export const TEXTURE_SIZE = 256;
/** From linear values to those of the screen. */
const GAMMA = 2.2;
/** Pixels by which the colours are continued beyond the edge of the mesh, against seams of filtered textures. */
const MARGIN = 4;

/** The vertices of a triangle at a texture pixel, and their weights. */
interface Texels {
  /** Three vertices for each pixel. */
  readonly vertices: Uint16Array;
  /** Three weights for each pixel; all 0 outside the mesh. */
  readonly weights: Float32Array;
}

/**
 * Draws the albedo (10 coefficients) of a face's outer skin over the model's UVs: opaque RGBA with the gamma of the screen,
 * the first row at v = 1.
 */
export type DrawAlbedo = (coefficients: Float32Array) => Uint8ClampedArray<ArrayBuffer>;

export function createAlbedoTexture(model: FaceModel, size = TEXTURE_SIZE): DrawAlbedo {
  const texels = rasterise(model, size);
  const albedo = new Float32Array(3 * model.vertexCount);
  return (coefficients) => {
    modelAlbedo(model, coefficients, albedo);
    const rgba = new Uint8ClampedArray(4 * size * size);
    for (let pixel = 0; pixel < size * size; pixel += 1) shadePixel(texels, albedo, pixel, rgba);
    for (let pass = 0; pass < MARGIN; pass += 1) grow(rgba, size);
    for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
    return rgba;
  };
}

function shadePixel({ vertices, weights }: Texels, albedo: Float32Array, pixel: number, rgba: Uint8ClampedArray): void {
  if (at(weights, 3 * pixel) + at(weights, 3 * pixel + 1) + at(weights, 3 * pixel + 2) === 0) return;
  for (let channel = 0; channel < 3; channel += 1) {
    let linear = 0;
    for (let corner = 0; corner < 3; corner += 1) {
      const vertex = uint16At(vertices, 3 * pixel + corner);
      linear += float32At(weights, 3 * pixel + corner) * float32At(albedo, 3 * vertex + channel);
    }
    rgba[4 * pixel + channel] = 255 * Math.max(0, linear) ** (1 / GAMMA);
  }
  rgba[4 * pixel + 3] = 255;
}

function rasterise(model: FaceModel, size: number): Texels {
  const { uv } = model;
  const texels = { vertices: new Uint16Array(3 * size * size), weights: new Float32Array(3 * size * size) };
  const corner = (vertex: number): [number, number] => [
    float32At(uv, 2 * vertex) * size - 0.5,
    (1 - float32At(uv, 2 * vertex + 1)) * size - 0.5,
  ];
  for (const vertices of outerTriangles(model)) {
    fillTriangle(texels, vertices, [corner(at(vertices, 0)), corner(at(vertices, 1)), corner(at(vertices, 2))], size);
  }
  return texels;
}

type Corners = readonly [readonly [number, number], readonly [number, number], readonly [number, number]];

function fillTriangle({ vertices, weights }: Texels, triangle: Uint16Array, corners: Corners, size: number): void {
  const [[ax, ay], [bx, by], [cx, cy]] = corners;
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (area === 0) return;
  const clamp = (value: number) => Math.min(size - 1, Math.max(0, value));
  const [left, right] = [clamp(Math.ceil(Math.min(ax, bx, cx))), clamp(Math.floor(Math.max(ax, bx, cx)))];
  const [top, bottom] = [clamp(Math.ceil(Math.min(ay, by, cy))), clamp(Math.floor(Math.max(ay, by, cy)))];
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      const b = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area;
      const c = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area;
      if (b < 0 || c < 0 || b + c > 1) continue;
      vertices.set(triangle, 3 * (y * size + x));
      weights.set([1 - b - c, b, c], 3 * (y * size + x));
    }
  }
}

/** Continues the colours by one pixel: each empty pixel gets the colour of a neighbour. */
function grow(rgba: Uint8ClampedArray, size: number): void {
  const before = rgba.slice();
  const isFilled = (pixel: number) => before[4 * pixel + 3] === 255;
  for (let pixel = 0; pixel < size * size; pixel += 1) {
    if (isFilled(pixel)) continue;
    const x = pixel % size;
    const sides = [...(x > 0 ? [pixel - 1] : []), ...(x < size - 1 ? [pixel + 1] : [])];
    const from = [...sides, pixel - size, pixel + size].find(isFilled);
    if (from !== undefined) rgba.set(before.subarray(4 * from, 4 * from + 4), 4 * pixel);
  }
}
