import { at, byteAt, float32At } from '../face/at';
import { frameToCrop, maskSquare } from '../face/crop-transform';
import { type FaceModel, vertexNormals } from '../face/face-model';
import { createPointSet, vertexPoints } from '../face/point-set';
import { projectPoints } from '../face/projection';
import { mapRegions } from '../face/regions';
import { toMatrix } from '../face/rotation';
import { type Coefficients, type Crop, type CropCamera, type FaceMask, REGIONS, type Region } from '../face/types';

/** Sample vertices of each region. */
const SAMPLES = 24;

/** Sample vertices of all regions, in the order of REGIONS. */
interface RegionSamples {
  readonly vertices: Uint16Array;
  /** Index in REGIONS for each vertex. */
  readonly region: Uint8Array;
  /** Normals on the mean face, model axes, n × 3. */
  readonly normals: Float32Array;
}

/** Chooses the samples of every region: evenly among the vertices whose weight for it is above 0.5. */
function chooseRegionSamples(model: FaceModel): RegionSamples {
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

/** Visibility of each region of a face, 0 to 1. */
export type RegionVisibility = (
  mask: FaceMask,
  coefficients: Coefficients,
  camera: CropCamera,
  crop: Crop,
) => Record<Region, number>;

/**
 * The visibility of a region is the share of its camera-facing samples that no occluder covers; 0 where no sample
 * faces the camera. Own hair hides nothing, and samples outside the mask count as visible.
 */
export function createRegionVisibility(model: FaceModel): RegionVisibility {
  const samples = chooseRegionSamples(model);
  const { normals } = samples;
  const set = createPointSet(model, [vertexPoints(samples.vertices)]);
  const points = new Float32Array(set.count * 3);
  const pixels = new Float32Array(set.count * 2);
  const facing = new Float32Array(REGIONS.length);
  const visible = new Float32Array(REGIONS.length);
  return (mask, { identity, expression }, camera, crop) => {
    projectPoints(camera, model.origin, set.evaluate(identity, expression, points), pixels);
    const { a, b, x0, y0 } = frameToCrop(maskSquare(crop, mask), mask.width);
    const [, , , , , , m20, m21, m22] = toMatrix(camera.rotation);
    facing.fill(0);
    visible.fill(0);
    for (let i = 0; i < set.count; i++) {
      const n = 3 * i;
      const nz = m20 * float32At(normals, n) + m21 * float32At(normals, n + 1) + m22 * float32At(normals, n + 2);
      if (nz <= 0) continue;
      const region = byteAt(samples.region, i);
      const x = float32At(pixels, 2 * i);
      const y = float32At(pixels, 2 * i + 1);
      facing[region] = float32At(facing, region) + 1;
      const column = Math.round(x0 + a * x - b * y);
      const row = Math.round(y0 + b * x + a * y);
      if (isHidden(mask, row, column)) continue;
      visible[region] = float32At(visible, region) + 1;
    }
    return mapRegions((_, i) => (float32At(facing, i) > 0 ? float32At(visible, i) / float32At(facing, i) : 0));
  };
}

/** Whether the mask's cell (row, column) is an occluder with a probability above 0.5; false outside the mask. */
function isHidden({ width, height, occluder }: FaceMask, row: number, column: number): boolean {
  if (column < 0 || row < 0 || column >= width || row >= height) return false;
  return byteAt(occluder, row * width + column) > 127;
}
