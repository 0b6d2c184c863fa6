import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../../face/face-model';
import type { Face } from '../../face/types';
import { FaceLight } from '../light/face-light';
import type { FaceShape } from '../mesh/face-shape';
import { FaceCamera } from '../view/face-camera';
import type { Placement } from '../view/placement';
import { type AnchorName, FaceAnchors } from './face-anchors';

/**
 * A scene around one tracked face for Babylon's own materials (PBR, Standard, glTF): what stands at a place of the head
 * lands on the tracked pixel of that place. Its world has the camera's axes in millimetres (x right, y up, z to the
 * viewer, the face model's origin at 0); `root` is head space, the model's own millimetres.
 *
 * It is drawn into the picture that is there, over its depth: after the video and before what is in front of the face.
 * Everything made in `scene` goes with `dispose`.
 */
export class FaceSpace {
  readonly scene: Scene;
  readonly camera: FaceCamera;
  /** Head space: x to the subject's left, y up, z to the viewer, mm, in the face model's coordinates. */
  readonly root: TransformNode;
  /** Nodes below `root` that keep to places of the face; left is the subject's left. */
  readonly anchors: Readonly<Record<AnchorName, TransformNode>>;
  /** The fitted face below `root`; it is drawn once it is given a material and enabled. Its UVs are the model's. */
  readonly faceMesh: Mesh;
  /** The face's own light on everything in the scene. */
  readonly light: FaceLight;
  readonly #anchors: FaceAnchors;
  readonly #rotation = Quaternion.Identity();
  readonly #origin: Vector3;

  constructor(
    engine: AbstractEngine,
    readonly model: FaceModel,
  ) {
    this.scene = overlaidScene(engine);
    this.camera = new FaceCamera(this.scene);
    this.scene.activeCamera = this.camera;
    this.#origin = Vector3.FromArray(model.origin).scaleInPlace(-1);
    this.root = new TransformNode('head', this.scene);
    this.root.rotationQuaternion = this.#rotation;
    this.#anchors = new FaceAnchors(this.scene, this.root, model);
    this.anchors = this.#anchors.nodes;
    this.faceMesh = faceMesh(this.scene, this.root, model);
    this.light = new FaceLight(this.scene);
  }

  /**
   * Takes head, anchors, mesh and light to what they are on this face now. `shape` holds its vertices; `lightStrength`
   * from 0, a neutral studio, over 1, as estimated, to 1.5.
   */
  setFace(face: Face, shape: FaceShape, placement: Placement, lightStrength = 1): void {
    const { camera, pose } = face;
    this.#rotation.copyFromFloats(...camera.rotation);
    this.#origin.rotateByQuaternionToRef(this.#rotation, this.root.position);
    this.camera.setCropCamera(camera, -pose.translation[2], placement);
    this.#anchors.setShape(shape);
    this.faceMesh.updateVerticesData('position', shape.vertices);
    this.faceMesh.updateVerticesData('normal', shape.normals);
    this.light.update(face, lightStrength);
  }

  render(): void {
    this.scene.render(false);
  }

  /** Whether everything that would be drawn has its shaders and textures. */
  isReady(): boolean {
    return this.scene.meshes.every((mesh) => !mesh.isEnabled() || mesh.isReady(true));
  }

  dispose(): void {
    this.scene.dispose();
  }
}

/** A scene that is drawn over what is there already. */
function overlaidScene(engine: AbstractEngine): Scene {
  const scene = new Scene(engine, { virtual: true });
  scene.useRightHandedSystem = true;
  scene.autoClear = false;
  scene.autoClearDepthAndStencil = false;
  for (let group = 0; group < 4; group++) scene.setRenderingAutoClearDepthStencil(group, false);
  scene.skipPointerMovePicking = true;
  return scene;
}

function faceMesh(scene: Scene, root: TransformNode, model: FaceModel): Mesh {
  const mesh = new Mesh('faceMesh', scene);
  mesh.parent = root;
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
  mesh.setVerticesData('position', Float32Array.from(model.mean), true, 3);
  mesh.setVerticesData('normal', new Float32Array(3 * model.vertexCount), true, 3);
  mesh.setVerticesData('uv', model.uv, false, 2);
  mesh.setIndices(model.triangles);
  mesh.setEnabled(false);
  return mesh;
}
