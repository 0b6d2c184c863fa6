import { at, byteAt, float32At } from '../face/at';
import { frameToCrop } from '../face/crop-transform';
import { type FaceModel, vertexNormals } from '../face/face-model';
import { projectPoints } from '../face/projection';
import { toMatrix } from '../face/rotation';
import { type Crop, type CropCamera, type FaceMask, REGIONS, type Region } from '../face/types';

/** Vertices taken to stand for a region. */
const SAMPLES = 24;

/** A few vertices of each region, all regions one after the other. */
export interface RegionSamples {
  readonly vertices: Uint16Array;
  /** Number of REGIONS for each vertex. */
  readonly region: Uint8Array;
  /** Normals on the mean face, model axes, n × 3. */
  readonly normals: Float32Array;
}

/** Choose the samples of every region: evenly among the vertices that belong to it by more than half. */
export function chooseRegionSamples(model: FaceModel): RegionSamples {
  const meanNormals = vertexNormals(model, model.mean, new Float32Array(model.mean.length));
  const vertices: number[] = [];
  const region: number[] = [];
  REGIONS.forEach((_, index) => {
    const weights = model.regionWeights.subarray(index * model.vertexCount, (index + 1) * model.vertexCount);
    const own = Array.from(weights.keys()).filter((vertex) => float32At(weights, vertex) > 0.5);
    const count = Math.min(SAMPLES, own.length);
    for (let k = 0; k < count; k++) {
      vertices.push(at(own, Math.floor(((k + 0.5) * own.length) / count)));
      region.push(index);
    }
  });
  const normals = new Float32Array(vertices.length * 3);
  vertices.forEach((vertex, i) => {
    normals.set(meanNormals.subarray(3 * vertex, 3 * vertex + 3), 3 * i);
  });
  return { vertices: Uint16Array.from(vertices), region: Uint8Array.from(region), normals };
}

/**
 * For each region the share, 0 to 1, of its samples facing the camera that nothing hides; 0 where none faces the camera.
 * `points`: the samples' places in model coordinates, n × 3 mm. What lies outside the crop counts as seen.
 */
export function regionVisibility(
  mask: FaceMask,
  samples: RegionSamples,
  points: Float32Array,
  camera: CropCamera,
  crop: Crop,
  origin: FaceModel['origin'],
): Record<Region, number> {
  const pixels = projectPoints(camera, origin, points, new Float32Array((points.length / 3) * 2));
  const { a, b, x0, y0 } = frameToCrop(crop);
  const [, , , , , , m20, m21, m22] = toMatrix(camera.rotation);
  const facing = new Float32Array(REGIONS.length);
  const seen = new Float32Array(REGIONS.length);
  for (let i = 0; i < samples.region.length; i++) {
    const { normals } = samples;
    const nz =
      m20 * float32At(normals, 3 * i) + m21 * float32At(normals, 3 * i + 1) + m22 * float32At(normals, 3 * i + 2);
    if (nz <= 0) continue;
    const region = byteAt(samples.region, i);
    const x = float32At(pixels, 2 * i);
    const y = float32At(pixels, 2 * i + 1);
    facing[region] = float32At(facing, region) + 1;
    if (hidden(mask, x0 + a * x - b * y, y0 + b * x + a * y)) continue;
    seen[region] = float32At(seen, region) + 1;
  }
  const share = (i: number) => (facing[i] ? float32At(seen, i) / float32At(facing, i) : 0);
  return Object.fromEntries(REGIONS.map((name, i) => [name, share(i)])) as Record<Region, number>;
}

/** Whether the cell at crop pixel (u, v) is more likely occluder than not. */
function hidden(mask: FaceMask, u: number, v: number): boolean {
  const column = Math.floor((u + 0.5) / 2);
  const row = Math.floor((v + 0.5) / 2);
  if (column < 0 || row < 0 || column >= mask.width || row >= mask.height) return false;
  return byteAt(mask.occluder, row * mask.width + column) > 127;
}
