import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { FaceModel } from '../../face/face-model';
import type { Face, Seconds } from '../../face/types';
import type { Placement } from '../view/placement';
import type { Size } from '../view/view';
import type { AvatarScene } from './avatar-scene';
import { FittedHead, type HeadMeasure } from './measure';
import { AvatarMotion, type AvatarPose } from './motion';

/** A file that holds an avatar; its bytes stay with it, so that a rebuilt stage can load it again. */
export interface AvatarSource {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

export interface AvatarView {
  /** In place of each head, or one in the middle of a picture of its own. */
  readonly place: 'over' | 'studio';
  readonly placement: Placement;
  readonly canvas: Size;
  readonly mirror: boolean;
  /** Of the estimated light, as FaceLight has it. */
  readonly light?: number;
}

/** What is known of one followed face. */
interface Follower {
  readonly motion: AvatarMotion;
  fitted: HeadMeasure;
  face: Face;
  pose: AvatarPose;
}

/** A follower whose avatar is as good as gone. */
const GONE = 0.03;
/** Share of a face's measure taken over with each frame: identities settle slowly. */
const MEASURE = 0.15;

/** Draws the chosen avatar for the faces that were seen. */
export class AvatarHost {
  readonly #followers = new Map<number, Follower>();
  /** In a studio one avatar follows whoever is there. */
  readonly #studioMotion = new AvatarMotion();
  #studioPose: AvatarPose | undefined;
  /** The face that a studio follows; another one only when it is gone. */
  #studioFace: Face | undefined;
  #scene: AvatarScene | undefined;
  #wanted: AvatarSource | null = null;
  #model: FaceModel | undefined;
  #head: FittedHead | undefined;
  #view: AvatarView | undefined;
  #lit = false;

  /** `redraw` is called when an avatar has come. */
  constructor(
    private readonly engine: AbstractEngine,
    private readonly redraw: () => void,
  ) {}

  setModel(model: FaceModel): void {
    this.#model = model;
    this.#head = new FittedHead(model);
    this.#followers.clear();
  }

  /**
   * Takes another avatar, or none. The one before is shown until the new one is there, and stays if that fails.
   * Resolves with what the person should know about it, null if nothing; rejects with AvatarError.
   */
  async setAvatar(source: AvatarSource | null): Promise<string | null> {
    this.#wanted = source;
    if (!source) {
      this.#replace(undefined);
      return null;
    }
    const { openAvatar } = await import('./open');
    const scene = await openAvatar(this.engine, source.bytes, source.name);
    if (this.#wanted !== source || this.engine.isDisposed) {
      scene.dispose();
      return null;
    }
    this.#replace(scene);
    return scene.notice;
  }

  /** Takes the faces of a frame; each is followed by its id. */
  updateAvatars(faces: readonly Face[], time: Seconds, view: AvatarView): void {
    this.#view = view;
    for (const face of faces) this.#meet(face, time);
    for (const [id, follower] of this.#followers) {
      const face = faces.find((seen) => seen.id === id);
      if (face) follower.face = face;
      follower.pose = follower.motion.step(face, time);
      if (!face && follower.pose.presence < GONE) this.#followers.delete(id);
    }
    const face = faces.find(({ id }) => id === this.#studioFace?.id) ?? faces[0];
    this.#studioFace = face;
    this.#studioPose = this.#studioMotion.step(face, time);
    if (face) this.#scene?.setFaceLight(face, view.light ?? 1);
    else if (!this.#lit) this.#scene?.setFaceLight(NO_LIGHT, 0);
    this.#lit = true;
  }

  /** What a studio's head does now, and the face it follows. */
  get studio(): { readonly pose: AvatarPose; readonly face: Face | undefined } | undefined {
    return this.#studioPose && { pose: this.#studioPose, face: this.#studioFace };
  }

  /** Into the picture that is there. */
  renderAvatars(): void {
    const scene = this.#scene;
    const view = this.#view;
    if (!scene || !view) return;
    if (view.place === 'studio') {
      if (!this.#studioPose) return;
      scene.placeInStudio(this.#studioPose, view.canvas, view.mirror, view.placement.depthRange);
      scene.render();
      return;
    }
    for (const { face, pose, fitted } of this.#followers.values()) {
      if (!this.#model) return;
      scene.placeOver(face, pose, fitted, this.#model.origin, view.placement);
      scene.render();
    }
  }

  isReady(): boolean {
    return this.#scene?.isReady() ?? true;
  }

  dispose(): void {
    this.#wanted = null;
    this.#replace(undefined);
    this.#followers.clear();
  }

  #replace(scene: AvatarScene | undefined): void {
    this.#scene?.dispose();
    this.#scene = scene;
    this.#lit = false;
    this.redraw();
  }

  #meet(face: Face, time: Seconds): void {
    if (!this.#head) return;
    const known = this.#followers.get(face.id);
    const fitted = this.#head.measure(face.coefficients.identity);
    if (known) known.fitted = between(known.fitted, fitted, MEASURE);
    else {
      const motion = new AvatarMotion();
      this.#followers.set(face.id, { motion, fitted, face, pose: motion.step(face, time) });
    }
  }
}

const NO_LIGHT: Pick<Face, 'coefficients' | 'crop'> = {
  coefficients: {
    identity: new Float32Array(80),
    expression: new Float32Array(52),
    albedo: new Float32Array(10),
    light: new Float32Array(27),
  },
  crop: { centreX: 0, centreY: 0, side: 1, angle: 0 },
};

function between(a: HeadMeasure, b: HeadMeasure, share: number): HeadMeasure {
  const mix = (from: number, to: number) => from + share * (to - from);
  return {
    eyes: [mix(a.eyes[0], b.eyes[0]), mix(a.eyes[1], b.eyes[1]), mix(a.eyes[2], b.eyes[2])],
    eyeDistance: mix(a.eyeDistance, b.eyeDistance),
    mouthDrop: mix(a.mouthDrop, b.mouthDrop),
    halfWidth: mix(a.halfWidth, b.halfWidth),
  };
}
