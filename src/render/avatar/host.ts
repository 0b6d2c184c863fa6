import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { FaceModel } from '../../face/face-model';
import type { Face, Seconds } from '../../face/types';
import type { Placement } from '../view/placement';
import type { Size } from '../view/view';
import type { AvatarScene } from './avatar-scene';
import { FittedHead, type HeadMeasure } from './measure';
import { AvatarMotion, type AvatarPose } from './motion';

/** An avatar file. It keeps its bytes, so that a rebuilt stage can load it again. */
export interface AvatarSource {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** The stage options that avatars depend on. */
export interface AvatarOptions {
  /** Avatars are drawn. */
  readonly shown: boolean;
  /** over: in place of each head; studio: one avatar in the middle of its own picture. */
  readonly place: 'over' | 'studio';
  /** Strength of the estimated light, see FaceLight. */
  readonly light: number;
}

/** Where avatars are drawn. */
export interface AvatarView {
  readonly placement: Placement;
  readonly canvas: Size;
  readonly mirror: boolean;
}

/** The head in a studio, and the face that it follows; without one it relaxes. */
export interface StudioHead {
  readonly pose: AvatarPose;
  readonly face: Face | undefined;
  /** Distance of the avatar's lower end below the eyes, mm, as `studioBelow` takes it. */
  readonly bottom: number;
}

/** Avatar state of one tracked face. */
interface Follower {
  readonly motion: AvatarMotion;
  fitted: HeadMeasure;
  face: Face;
  pose: AvatarPose;
}

/** Smoothing of a face's measure: share of the new one per frame. */
const MEASURE = 0.15;

/** Draws the chosen avatar on the tracked faces. */
export class AvatarHost {
  /** By face id, one for each listed face; empty unless avatars are drawn over the video. */
  readonly #followers = new Map<number, Follower>();
  /** The face that lights avatars and that the studio follows; kept until it is lost. */
  #lead: Face | undefined;
  /** Both only while there is a studio. */
  #studioMotion: AvatarMotion | undefined;
  #studio: StudioHead | undefined;
  #scene: AvatarScene | undefined;
  #shown = false;
  #wanted: AvatarSource | null = null;
  #model: FaceModel | undefined;
  #head: FittedHead | undefined;
  /** The scene of the avatar has a light already. */
  #lit = false;

  /** `requestDraw` is called when the avatar changes. */
  constructor(
    private readonly engine: AbstractEngine,
    private readonly requestDraw: () => void,
  ) {}

  setModel(model: FaceModel): void {
    this.#model = model;
    this.#head = new FittedHead(model);
    this.#followers.clear();
  }

  /**
   * Loads another avatar, or removes it. The previous avatar is shown until the new one is loaded, and stays if loading
   * fails. Resolves with a notice for the user, null for none; rejects with AvatarError.
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

  /** Moves on to a frame's faces; does only the work that the options need. Undefined outside of a studio. */
  updateAvatars(faces: readonly Face[], time: Seconds, options: AvatarOptions): StudioHead | undefined {
    this.#shown = options.shown && this.#scene !== undefined;
    this.#lead = faces.find(({ id }) => id === this.#lead?.id) ?? faces[0];
    if (options.place === 'studio') this.#updateStudio(time);
    else this.#leaveStudio();
    if (this.#shown && options.place === 'over') this.#updateFollowers(faces, time);
    else this.#followers.clear();
    if (this.#shown) this.#updateLight(this.#lead, options.light);
    return this.#studio;
  }

  /** Draws into the current picture. */
  renderAvatars({ placement, canvas, mirror }: AvatarView): void {
    const scene = this.#scene;
    if (!scene || !this.#shown) return;
    if (this.#studio) {
      scene.placeInStudio(this.#studio.pose, canvas, mirror, placement.depthRange);
      scene.render();
      return;
    }
    for (const { face, pose, fitted } of this.#followers.values()) {
      if (!this.#model) return;
      scene.placeOver(face, pose, fitted, this.#model.origin, placement);
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
    this.#leaveStudio();
  }

  #replace(scene: AvatarScene | undefined): void {
    this.#scene?.dispose();
    this.#scene = scene;
    this.#lit = false;
    this.requestDraw();
  }

  #updateStudio(time: Seconds): void {
    this.#studioMotion ??= new AvatarMotion();
    const bottom = (this.#shown ? this.#scene?.bottom : undefined) ?? Number.POSITIVE_INFINITY;
    this.#studio = {
      pose: this.#studioMotion.step(this.#lead, time),
      face: this.#lead,
      bottom,
    };
  }

  #leaveStudio(): void {
    this.#studioMotion = undefined;
    this.#studio = undefined;
  }

  #updateFollowers(faces: readonly Face[], time: Seconds): void {
    const listed = new Set(faces.map(({ id }) => id));
    for (const id of this.#followers.keys()) if (!listed.has(id)) this.#followers.delete(id);
    for (const face of faces) this.#follow(face, time);
  }

  #follow(face: Face, time: Seconds): void {
    if (!this.#head) return;
    const known = this.#followers.get(face.id);
    const fitted = this.#head.measure(face.coefficients.identity);
    if (known) {
      known.fitted = between(known.fitted, fitted, MEASURE);
      known.face = face;
      known.pose = known.motion.step(face, time);
    } else {
      const motion = new AvatarMotion();
      this.#followers.set(face.id, { motion, fitted, face, pose: motion.step(face, time) });
    }
  }

  /** Without a face the last light stays; a new avatar starts in the neutral studio light. */
  #updateLight(face: Face | undefined, strength: number): void {
    if (face) this.#scene?.setFaceLight(face, strength);
    else if (!this.#lit) this.#scene?.setFaceLight(NO_LIGHT, 0);
    this.#lit = true;
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
