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
  /** Wavefront OBJ with texture coordinates, millimetres, model coordinates. It has no reference to a material. */
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
      obj: `${skin.vertices.map((vertex) => `v ${point(vertex).join(' ')}`).join('\n')}\n${skin.uvs}\n${skin.faces}\n`,
      landmarks7: LANDMARKS7.map((index) => point(at(model.landmarks68, index))),
    };
  };
}

function outerVertices({ part }: Pick<FaceModel, 'part'>): (vertex: number) => boolean {
  return (vertex) => OUTER_PARTS.includes(at(part, vertex));
}

/** The triangles of the outer skin, three vertices each. */
export function outerTriangles(model: Pick<FaceModel, 'part' | 'triangles'>): Uint16Array[] {
  const isOuter = outerVertices(model);
  const all = Array.from({ length: model.triangles.length / 3 }, (_, i) => model.triangles.subarray(3 * i, 3 * i + 3));
  return all.filter((triangle) => triangle.every(isOuter));
}

/**
 * The vertices of the outer skin in the model's order, and its triangles as OBJ lines, which number these vertices from
 * 1.
 */
function outerSkin(model: FaceModel): { vertices: readonly number[]; uvs: string; faces: string } {
  const isOuter = outerVertices(model);
  const numbers = new Map<number, number>();
  const vertices: number[] = [];
  for (let vertex = 0; vertex < model.vertexCount; vertex += 1) {
    if (isOuter(vertex)) numbers.set(vertex, vertices.push(vertex));
  }
  const lines: string[] = [];
  for (const triangle of outerTriangles(model)) {
    const corners = [...triangle].map((vertex) => numbers.get(vertex));
    lines.push(`f ${corners.map((number) => `${number}/${number}`).join(' ')}`);
  }
  const uv = (index: number) => Math.round(at(model.uv, index) * 1e5) / 1e5;
  const uvs = vertices.map((vertex) => `vt ${uv(2 * vertex)} ${uv(2 * vertex + 1)}`).join('\n');
  return { vertices, uvs, faces: lines.join('\n') };
}
