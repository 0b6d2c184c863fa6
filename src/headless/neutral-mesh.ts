import { at } from '../face/at';
import { type FaceModel, modelVertices, PART_NAMES } from '../face/face-model';
import { EXPRESSION_NAMES } from '../face/types';

/**
 * iBUG indices, left and right of the subject: right eye outer and inner, left eye inner and outer, nose base, mouth
 * right and left.
 */
const LANDMARKS7 = [36, 39, 42, 45, 33, 48, 54];
const OUTER_PARTS = ['face', 'head'].map((name) => PART_NAMES.indexOf(name as (typeof PART_NAMES)[number]));

export interface NeutralMesh {
  /** Wavefront OBJ, millimetres, model coordinates. */
  readonly obj: string;
  /** Seven landmarks of the mesh, (x, y, z) each, in the order of LANDMARKS7. */
  readonly landmarks7: readonly (readonly number[])[];
}

/**
 * Returns a function that makes the outer skin of an identity without expression and pose; without eyes and teeth, and
 * always with the same topology.
 */
export function createNeutralMesh(model: FaceModel): (identity: Float32Array) => NeutralMesh {
  const skin = outerSkin(model);
  const noExpression = new Float32Array(EXPRESSION_NAMES.length);
  const vertices = new Float32Array(3 * model.vertexCount);
  const point = (vertex: number) => [0, 1, 2].map((axis) => Math.round(at(vertices, 3 * vertex + axis) * 1e4) / 1e4);
  return (identity) => {
    modelVertices(model, identity, noExpression, vertices);
    return {
      obj: `${skin.vertices.map((vertex) => `v ${point(vertex).join(' ')}`).join('\n')}\n${skin.faces}\n`,
      landmarks7: LANDMARKS7.map((index) => point(at(model.landmarks68, index))),
    };
  };
}

/**
 * The vertices of the outer skin in the model's order, and its triangles as OBJ lines, which number these vertices from
 * 1.
 */
function outerSkin(model: FaceModel): { vertices: readonly number[]; faces: string } {
  const isOuter = (vertex: number) => OUTER_PARTS.includes(at(model.part, vertex));
  const numbers = new Map<number, number>();
  const vertices: number[] = [];
  for (let vertex = 0; vertex < model.vertexCount; vertex += 1) {
    if (isOuter(vertex)) numbers.set(vertex, vertices.push(vertex));
  }
  const lines: string[] = [];
  for (let t = 0; t < model.triangles.length; t += 3) {
    const corners = [...model.triangles.subarray(t, t + 3)].map((vertex) => numbers.get(vertex));
    if (!corners.includes(undefined)) lines.push(`f ${corners.join(' ')}`);
  }
  return { vertices, faces: lines.join('\n') };
}
