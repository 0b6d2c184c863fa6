import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import type { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../../face/face-model';
import type { FaceShape } from '../mesh/face-shape';

/** Left is the subject's left. */
export const ANCHOR_NAMES = [
  'noseBridge',
  'noseTip',
  'forehead',
  'crown',
  'browLeft',
  'browRight',
  'chin',
  'earLeft',
  'earRight',
  'mouth',
  'cheekLeft',
  'cheekRight',
] as const;
export type AnchorName = (typeof ANCHOR_NAMES)[number];

/** Points of MediaPipe's face mesh, whose mean is the anchor; on the skin it is turned with the skin. */
interface Place {
  readonly points: readonly number[];
  readonly skin: boolean;
}

const PLACES: Readonly<Record<Exclude<AnchorName, 'crown' | 'earLeft' | 'earRight'>, Place>> = {
  noseBridge: { points: [6, 168], skin: false },
  noseTip: { points: [4], skin: true },
  forehead: { points: [151], skin: true },
  browLeft: { points: [334, 282], skin: true },
  browRight: { points: [105, 52], skin: true },
  chin: { points: [175, 199], skin: true },
  mouth: { points: [13, 14], skin: false },
  cheekLeft: { points: [280], skin: true },
  cheekRight: { points: [50], skin: true },
};
/** Where the upper edge of an ear meets the head, mm on the mean face; the vertex nearest to it is taken. */
const EAR: readonly [number, number, number] = [77, 31, 13];
/** The mesh ends at the forehead: the crown lies above and behind its top, in parts of the face's height. */
const TOP = 10;
const CHIN = 152;
const CROWN_UP = 0.3;
const CROWN_BACK = 0.6;

/** Nodes below `root` that keep to places of the fitted mesh. */
export class FaceAnchors {
  readonly nodes: Readonly<Record<AnchorName, TransformNode>>;
  readonly #ears: readonly [number, number];
  readonly #point = new Vector3();
  readonly #normal = new Vector3();
  readonly #across = new Vector3();
  readonly #up = new Vector3();

  constructor(
    scene: Scene,
    root: TransformNode,
    private readonly model: FaceModel,
  ) {
    const [x, y, z] = EAR;
    this.#ears = [nearestVertex(model, x, y, z), nearestVertex(model, -x, y, z)];
    const made = ANCHOR_NAMES.map((name) => {
      const node = new TransformNode(name, scene);
      node.parent = root;
      node.rotationQuaternion = Quaternion.Identity();
      return [name, node] as const;
    });
    this.nodes = Object.fromEntries(made) as Record<AnchorName, TransformNode>;
  }

  /** Takes the places from the face's mesh. */
  setShape(shape: FaceShape): void {
    for (const [name, { points, skin }] of Object.entries(PLACES) as [keyof typeof PLACES, Place][]) {
      const node = this.nodes[name];
      this.#mean(shape.vertices, points, node.position);
      if (skin) this.#turn(this.#mean(shape.normals, points, this.#normal), node);
    }
    this.#ears.forEach((vertex, i) => {
      Vector3.FromArrayToRef(shape.vertices, 3 * vertex, this.nodes[i === 0 ? 'earLeft' : 'earRight'].position);
    });
    const crown = this.#mean(shape.vertices, [TOP], this.nodes.crown.position);
    const height = Vector3.Distance(crown, this.#mean(shape.vertices, [CHIN], this.#point));
    crown.y += CROWN_UP * height;
    crown.z -= CROWN_BACK * height;
  }

  #mean(values: Float32Array, points: readonly number[], out: Vector3): Vector3 {
    const { mediapipeTriangles, mediapipeBarycentric } = this.model;
    out.setAll(0);
    for (const point of points) {
      for (let corner = 3 * point; corner < 3 * point + 3; corner++) {
        const vertex = 3 * (mediapipeTriangles[corner] ?? 0);
        const weight = (mediapipeBarycentric[corner] ?? 0) / points.length;
        out.x += weight * (values[vertex] ?? 0);
        out.y += weight * (values[vertex + 1] ?? 0);
        out.z += weight * (values[vertex + 2] ?? 0);
      }
    }
    return out;
  }

  /** z along the skin's normal, y as far up the head as that allows. */
  #turn(normal: Vector3, { rotationQuaternion }: TransformNode): void {
    normal.normalize();
    Vector3.CrossToRef(Vector3.UpReadOnly, normal, this.#across).normalize();
    Vector3.CrossToRef(normal, this.#across, this.#up);
    if (rotationQuaternion) {
      Quaternion.RotationQuaternionFromAxisToRef(this.#across, this.#up, normal, rotationQuaternion);
    }
  }
}

function nearestVertex({ mean, vertexCount }: FaceModel, x: number, y: number, z: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const way = Math.hypot(
      (mean[3 * vertex] ?? 0) - x,
      (mean[3 * vertex + 1] ?? 0) - y,
      (mean[3 * vertex + 2] ?? 0) - z,
    );
    if (way >= least) continue;
    least = way;
    nearest = vertex;
  }
  return nearest;
}
