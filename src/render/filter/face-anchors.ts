import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import type { Scene } from '@babylonjs/core/scene';
import { float32At, uint16At } from '../../face/at';
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

/** The anchor is the mean of these points of MediaPipe's face mesh; with `skin` it is rotated to the skin's normal. */
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
/** Upper edge of the ear where it meets the head, mm on the mean face; the nearest vertex is used. */
const EAR: readonly [number, number, number] = [77, 31, 13];
/** Offset of the crown from the mesh's top at the forehead, relative to the face's height. */
const TOP = 10;
const CHIN = 152;
const CROWN_UP = 0.3;
const CROWN_BACK = 0.6;

/** Nodes below `root` that follow places of the fitted mesh. */
export class FaceAnchors {
  readonly nodes: Readonly<Record<AnchorName, TransformNode>>;
  readonly #placed: readonly {
    readonly node: TransformNode;
    readonly points: readonly number[];
    readonly skin: boolean;
  }[];
  readonly #ears: readonly { readonly node: TransformNode; readonly vertex: number }[];
  readonly #point = new Vector3();
  readonly #normal = new Vector3();
  readonly #across = new Vector3();
  readonly #up = new Vector3();

  constructor(
    scene: Scene,
    root: TransformNode,
    private readonly model: FaceModel,
  ) {
    const made = ANCHOR_NAMES.map((name) => {
      const node = new TransformNode(name, scene);
      node.parent = root;
      node.rotationQuaternion = Quaternion.Identity();
      return [name, node] as const;
    });
    this.nodes = Object.fromEntries(made) as Record<AnchorName, TransformNode>;
    const places = Object.entries(PLACES) as [keyof typeof PLACES, Place][];
    this.#placed = places.map(([name, place]) => ({ ...place, node: this.nodes[name] }));
    const [x, y, z] = EAR;
    this.#ears = [
      { node: this.nodes.earLeft, vertex: nearestVertex(model, x, y, z) },
      { node: this.nodes.earRight, vertex: nearestVertex(model, -x, y, z) },
    ];
  }

  /** Moves the nodes to their places on the face's mesh. */
  setShape(shape: FaceShape): void {
    for (const { node, points, skin } of this.#placed) {
      this.#mean(shape.vertices, points, node.position);
      if (skin) this.#turn(this.#mean(shape.normals, points, this.#normal), node);
    }
    for (const { node, vertex } of this.#ears) Vector3.FromArrayToRef(shape.vertices, 3 * vertex, node.position);
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
        const vertex = 3 * uint16At(mediapipeTriangles, corner);
        const weight = float32At(mediapipeBarycentric, corner) / points.length;
        out.x += weight * float32At(values, vertex);
        out.y += weight * float32At(values, vertex + 1);
        out.z += weight * float32At(values, vertex + 2);
      }
    }
    return out;
  }

  /** z along the skin's normal, y as close to the head's y as possible. */
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
    const distance = Math.hypot(
      float32At(mean, 3 * vertex) - x,
      float32At(mean, 3 * vertex + 1) - y,
      float32At(mean, 3 * vertex + 2) - z,
    );
    if (distance >= least) continue;
    least = distance;
    nearest = vertex;
  }
  return nearest;
}
