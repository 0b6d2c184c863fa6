import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Plane } from '@babylonjs/core/Maths/math.plane';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { Scene } from '@babylonjs/core/scene';
import { IDENTITY } from '../../face/rotation';
import type { Face, Vector3 as Triple } from '../../face/types';
import { FaceLight } from '../light/face-light';
import type { DepthRange } from '../view/crop-projection';
import { FaceCamera } from '../view/face-camera';
import type { Placement } from '../view/placement';
import type { Size } from '../view/view';
import { avatarScale, type HeadMeasure } from './measure';
import type { AvatarPose } from './motion';
import { NeckFade } from './neck-fade';
import type { AvatarRig } from './rig';
import { studioBelow, studioEyes, USUAL_HEAD } from './studio';
import { StudioCamera } from './studio-camera';

/** An avatar extends below its neck if its lower end is below the eyes by this multiple of the mouth's distance. */
const LEAST_BUST = 2.25;

/** Height of the fade above the cut of a neck, relative to the distance of the mouth from the eyes. */
const FADE = 0.45;

/** An avatar in its own scene, drawn over the current picture. */
export class AvatarScene {
  readonly notice: string | null;
  readonly #studio: StudioCamera;
  readonly #camera: FaceCamera;
  #light: FaceLight | undefined;
  /** Rotates with the head; parent of the avatar. */
  readonly #head: TransformNode;
  readonly #rotation = Quaternion.Identity();
  readonly #cut = new Plane(0, 1, 0, 0);
  readonly #neck: Vector3 | undefined;
  readonly #fade: NeckFade | undefined;

  constructor(
    readonly scene: Scene,
    private readonly rig: AvatarRig,
  ) {
    this.notice = rig.notice;
    this.#studio = new StudioCamera(scene);
    this.#camera = new FaceCamera(scene);
    this.#head = new TransformNode('head', scene);
    this.#head.rotationQuaternion = this.#rotation;
    this.#neck = rig.neck;
    this.#fade = neckFade(rig);
    rig.avatar.root.parent = this.#head;
    for (const mesh of rig.avatar.meshes) {
      mesh.alwaysSelectAsActiveMesh = true;
      mesh.isPickable = false;
    }
  }

  /** Places the avatar over a fitted head. `origin`: of the face model. */
  placeOver(face: Face, pose: AvatarPose, fitted: HeadMeasure, origin: Triple, placement: Placement): void {
    this.rig.applyPose(pose, false);
    this.#rotation.copyFromFloats(...face.camera.rotation);
    this.#hang(avatarScale(fitted, this.rig.measure), fitted.eyes);
    Vector3.FromArray(origin).scaleInPlace(-1).rotateByQuaternionToRef(this.#rotation, this.#head.position);
    this.#camera.setCropCamera(face.camera, -face.pose.translation[2], placement);
    this.scene.activeCamera = this.#camera;
    this.#cutNeck();
    this.#showBody(false);
    this.#fade?.setEnabled(true);
    this.#setPresence(pose.presence);
  }

  /** Places the avatar in front of the studio's camera. */
  placeInStudio(pose: AvatarPose, canvas: Size, mirror: boolean, range: DepthRange): void {
    this.rig.applyPose(pose, true);
    this.#rotation.copyFromFloats(...(this.rig.hasNeck ? IDENTITY : pose.rotation));
    this.#hang(avatarScale(USUAL_HEAD, this.rig.measure), USUAL_HEAD.eyes);
    // With a neck, the rig already moves the eyes.
    this.#head.position.set(...studioEyes(this.rig.hasNeck ? { ...pose, rotation: IDENTITY } : pose));
    this.scene.clipPlane = null;
    this.#showBody(true);
    this.#fade?.setEnabled(false);
    this.#setPresence(1);
    this.#studio.frameHead(canvas, mirror, range, studioBelow(canvas, this.bottom));
    this.scene.activeCamera = this.#studio;
  }

  /** Distance of the lower end of a bust below the eyes in the studio, mm; infinite for an avatar that is only a head. */
  get bottom(): number {
    const { measure, bottom } = this.rig;
    const bust = avatarScale(USUAL_HEAD, measure) * (measure.eyes[1] - bottom);
    return bust > LEAST_BUST * USUAL_HEAD.mouthDrop ? bust : Number.POSITIVE_INFINITY;
  }

  /** Sets the light from a face; `strength` as in FaceLight. */
  setFaceLight(face: Pick<Face, 'coefficients' | 'crop'>, strength: number): void {
    this.#light ??= new FaceLight(this.scene);
    this.#light.update(face, strength);
  }

  render(): void {
    this.scene.render(false);
  }

  isReady(): boolean {
    return this.scene.meshes.every((mesh) => !mesh.isEnabled() || mesh.isReady(true));
  }

  dispose(): void {
    this.#light?.dispose();
    this.scene.dispose();
  }

  #hang(scale: number, eyes: Triple): void {
    const { root } = this.rig.avatar;
    const own = this.rig.measure.eyes;
    root.scaling.setAll(scale);
    root.position.set(eyes[0] - scale * own[0], eyes[1] - scale * own[1], eyes[2] - scale * own[2]);
  }

  /** Hides what is below the neck: the video shows the person's own shoulders. */
  #cutNeck(): void {
    this.scene.clipPlane = this.#neck ? this.#cut : null;
    if (!this.#neck) return;
    const matrix = this.rig.avatar.root.computeWorldMatrix(true);
    const down = new Vector3(0, -1, 0).applyRotationQuaternion(this.#rotation);
    Vector3.TransformCoordinatesToRef(this.#neck, matrix, scratch);
    this.#cut.normal.copyFrom(down);
    this.#cut.d = -Vector3.Dot(down, scratch);
  }

  #showBody(shown: boolean): void {
    for (const mesh of this.rig.body) mesh.setEnabled(shown);
  }

  #setPresence(presence: number): void {
    for (const mesh of this.rig.avatar.meshes) mesh.visibility = presence > 0.99 ? 1 : presence;
  }
}

/** The fade of a rigid neck that continues into a body; a skin is cut by the plane alone. */
function neckFade({ body, neck, measure, avatar }: AvatarRig): NeckFade | undefined {
  if (body.length === 0 || !neck) return undefined;
  const heads = avatar.meshes.filter((mesh) => !body.includes(mesh) && !mesh.skeleton);
  return new NeckFade(heads, avatar.root, { opaque: neck.y + FADE * measure.mouthDrop, transparent: neck.y });
}

const scratch = new Vector3();

/** A scene that is drawn over the current picture, with its own depth. */
export function avatarSpace(engine: AbstractEngine): Scene {
  const scene = new Scene(engine, { virtual: true });
  scene.useRightHandedSystem = true;
  scene.autoClear = false;
  scene.autoClearDepthAndStencil = false;
  for (let group = 0; group < 4; group++) scene.setRenderingAutoClearDepthStencil(group, false);
  scene.skipPointerMovePicking = true;
  return scene;
}
