import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../../face/face-model';
import type { Face } from '../../face/types';
import { attachToSkin } from '../engine/attachment';
import { FaceLight } from '../light/face-light';
import type { FaceShape } from '../mesh/face-shape';
import { FaceCamera } from '../view/face-camera';
import type { Placement } from '../view/placement';
import { type AnchorName, FaceAnchors } from './face-anchors';
import type { FaceUploads } from './face-uploads';
import { SharedGeometry } from './shared-geometry';

/**
 * A scene around one tracked face for Babylon.js's own materials (PBR, Standard, glTF): an object at a point of the
 * head is drawn on the tracked pixel of that point. World axes are the camera's, in millimetres (x right, y up, z to
 * the viewer, the face model's origin at 0); `root` is head space, in the model's millimetres.
 *
 * It is drawn into the current picture with its depth: after the video and before the occluders. `dispose` releases
 * everything created in `scene`.
 */
export class FaceSpace {
  readonly scene: Scene;
  readonly camera: FaceCamera;
  /** Head space: x to the subject's left, y up, z to the viewer, mm, in the face model's coordinates. */
  readonly root: TransformNode;
  /** Nodes below `root` that follow places of the face; left is the subject's left. */
  readonly anchors: Readonly<Record<AnchorName, TransformNode>>;
  /** The fitted face below `root`, with the model's UVs; drawn once it has a material and is enabled. */
  readonly faceMesh: Mesh;
  /** The face's own light on everything in the scene. */
  readonly light: FaceLight;
  readonly #geometry: SharedGeometry;
  readonly #anchors: FaceAnchors;
  readonly #rotation = Quaternion.Identity();
  readonly #origin: Vector3;

  readonly model: FaceModel;

  /** `uploads`: the face's mesh on the GPU, also for other spaces around the same face; the caller disposes it. */
  constructor(
    engine: AbstractEngine,
    readonly uploads: FaceUploads,
  ) {
    const { model } = uploads;
    this.model = model;
    this.scene = overlaidScene(engine);
    this.camera = new FaceCamera(this.scene);
    this.scene.activeCamera = this.camera;
    this.#origin = Vector3.FromArray(model.origin).scaleInPlace(-1);
    this.root = new TransformNode('head', this.scene);
    this.root.rotationQuaternion = this.#rotation;
    this.#anchors = new FaceAnchors(this.scene, this.root, model);
    this.anchors = this.#anchors.nodes;
    this.#geometry = faceGeometry(this.scene, uploads);
    this.faceMesh = faceMesh(this.scene, this.root, this.#geometry);
    attachToSkin(this.faceMesh);
    this.light = new FaceLight(this.scene);
  }

  /**
   * Moves head, anchors, mesh and light to this face. `shape` holds its vertices, which `uploads` has uploaded already.
   * `lightStrength`: 0 a neutral studio, 1 as estimated, up to 1.5.
   */
  setFace(face: Face, shape: FaceShape, placement: Placement, lightStrength = 1): void {
    const { camera, pose } = face;
    this.#rotation.copyFromFloats(...camera.rotation);
    this.#origin.rotateByQuaternionToRef(this.#rotation, this.root.position);
    this.camera.setCropCamera(camera, -pose.translation[2], placement);
    this.#anchors.setShape(shape);
    // A filter that writes vertices has its own copy of them.
    if (!this.#geometry.isShared('position')) this.#geometry.updateVerticesData('position', shape.vertices);
    if (!this.#geometry.isShared('normal')) this.#geometry.updateVerticesData('normal', shape.normals);
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

/** A scene that is drawn over the current picture. */
function overlaidScene(engine: AbstractEngine): Scene {
  const scene = new Scene(engine, { virtual: true });
  scene.useRightHandedSystem = true;
  scene.autoClear = false;
  scene.autoClearDepthAndStencil = false;
  for (let group = 0; group < 4; group++) scene.setRenderingAutoClearDepthStencil(group, false);
  scene.skipPointerMovePicking = true;
  return scene;
}

function faceGeometry(scene: Scene, { positions, normals, model }: FaceUploads): SharedGeometry {
  const geometry = new SharedGeometry('faceMesh', scene, { position: positions, normal: normals }, model.triangles);
  geometry.setVerticesData('uv', model.uv, false, 2);
  return geometry;
}

function faceMesh(scene: Scene, root: TransformNode, geometry: SharedGeometry): Mesh {
  const mesh = new Mesh('faceMesh', scene);
  mesh.parent = root;
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
  geometry.applyToMesh(mesh);
  mesh.setEnabled(false);
  return mesh;
}
