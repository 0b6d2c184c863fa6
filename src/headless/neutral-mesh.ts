import { type FaceModel, modelVertices, PART_NAMES } from '../face/face-model';

/** iBUG numbers of: right eye outer, inner, left eye inner, outer, nose base, mouth right, left (the subject's). */
const LANDMARKS7 = [36, 39, 42, 45, 33, 48, 54];
const OUTER_PARTS = ['face', 'head'].map((name) => PART_NAMES.indexOf(name as (typeof PART_NAMES)[number]));

export interface NeutralMesh {
  /** Wavefront OBJ, millimetres, model coordinates. */
  readonly obj: string;
  /** Seven points on the mesh (LANDMARKS7). */
  readonly landmarks7: readonly (readonly number[])[];
}

/** Makes the neutral outer skin of identities (no expression, no pose, no eyes or teeth): always the same topology. */
export function createNeutralMesh(model: FaceModel): (identity: Float32Array) => NeutralMesh {
  const skin = outerSkin(model);
  const noExpression = new Float32Array(52);
  const vertices = new Float32Array(3 * model.vertexCount);
  const point = (vertex: number) => [0, 1, 2].map((axis) => Math.round((vertices[3 * vertex + axis] ?? 0) * 1e4) / 1e4);
  return (identity) => {
    modelVertices(model, identity, noExpression, vertices);
    return {
      obj: `${skin.vertices.map((vertex) => `v ${point(vertex).join(' ')}`).join('\n')}\n${skin.faces}\n`,
      landmarks7: LANDMARKS7.map((number) => point(model.landmarks68[number] ?? 0)),
    };
  };
}

/** The vertices of the outer skin, in the model's order, and its triangles as OBJ lines in their numbers (from 1). */
function outerSkin(model: FaceModel): { vertices: readonly number[]; faces: string } {
  const isOuter = (vertex: number) => OUTER_PARTS.includes(model.part[vertex] ?? -1);
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
