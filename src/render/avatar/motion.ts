import { float32At } from '../../face/at';
import { conjugate, IDENTITY, multiply, partOf } from '../../face/rotation';
import { EXPRESSION_NAMES, type Face, type Quaternion, type Seconds, type Vector3 } from '../../face/types';

/** The state that an avatar shows. */
export interface AvatarPose {
  /** 52 in the order of EXPRESSION_NAMES, 0 to 1. */
  readonly expression: Float32Array;
  /** Rotation of the head, relative to the camera. */
  readonly rotation: Quaternion;
  /** Millimetres from the head's mean position: x right, y up, z to the viewer. */
  readonly offset: Vector3;
  /** 1 while a face is seen or was seen a moment ago; decreases to 0 until the hold of an unseen face ends. */
  readonly presence: number;
}

/** Seconds between the loss of a face and the avatar's return to rest; a passing hand takes less. */
const WAIT = 0.25;
/** Time constants in seconds: return to rest, approach to a face found again, mean position of the head. */
const RELAX = 0.35;
const CATCH = 0.12;
const USUAL = 8;
/** Seconds after which a found face is followed without delay. */
const SETTLE = 0.4;
/** Seconds without a face after which the avatar fades out; the tracker lists a held face for 1 s. */
const FADE_FROM = 0.7;
const FADE_TO = 1;

/** Follows one face. While the face is held or lost, the avatar returns to rest smoothly. */
export class AvatarMotion {
  readonly #expression = new Float32Array(EXPRESSION_NAMES.length);
  #rotation: Quaternion = IDENTITY;
  #offset: Vector3 = [0, 0, 0];
  #usual: Vector3 | undefined;
  #presence = 0;
  #unseen = Number.POSITIVE_INFINITY;
  #seen = 0;
  #time: Seconds | undefined;
  #face: Face | undefined;

  /**
   * `face`: undefined while there is none. The first face, another face at the same time (another picture), and the face
   * at an earlier time (the source restarted) are applied without smoothing; the same face at the same time changes nothing.
   */
  step(face: Face | undefined, time: Seconds): AvatarPose {
    const passed = time - (this.#time ?? time);
    const isNew = passed < 0 || (face !== this.#face && (this.#time === undefined || passed === 0));
    this.#time = time;
    this.#face = face;
    const step = Math.max(0, passed);
    if (face && face.state !== 'held') this.#follow(face, step, isNew);
    else this.#relax(step);
    return {
      expression: this.#expression,
      rotation: this.#rotation,
      offset: this.#offset,
      presence: this.#presence,
    };
  }

  #follow({ camera, pose, expressionValues }: Face, step: number, atOnce: boolean): void {
    this.#unseen = 0;
    this.#seen += atOnce ? SETTLE : step;
    const left = Math.max(0, 1 - this.#seen / SETTLE);
    const share = left === 0 ? 1 : 1 - Math.exp(-step / (CATCH * left));
    this.#move(expressionValues, camera.rotation, this.#away(pose.translation, step), share);
    this.#presence += (1 - this.#presence) * share;
  }

  #relax(step: number): void {
    this.#unseen += step;
    const left = Math.max(0, (FADE_TO - this.#unseen) / (FADE_TO - FADE_FROM));
    this.#presence = Math.min(this.#presence, left);
    if (this.#unseen < WAIT) return;
    this.#seen = 0;
    const share = 1 - Math.exp(-step / RELAX);
    this.#move(REST, IDENTITY, [0, 0, 0], share);
  }

  #move(expression: Float32Array, rotation: Quaternion, offset: Vector3, share: number): void {
    for (let i = 0; i < this.#expression.length; i++) {
      const now = float32At(this.#expression, i);
      this.#expression[i] = now + share * (float32At(expression, i) - now);
    }
    const change = multiply(conjugate(this.#rotation), rotation);
    this.#rotation = multiply(this.#rotation, partOf(change, share));
    const [ox, oy, oz] = this.#offset;
    this.#offset = [ox + share * (offset[0] - ox), oy + share * (offset[1] - oy), oz + share * (offset[2] - oz)];
  }

  /** Offset from the mean position, which it updates. */
  #away([x, y, z]: Vector3, step: number): Vector3 {
    const [ux, uy, uz] = this.#usual ?? [x, y, z];
    const share = 1 - Math.exp(-step / USUAL);
    this.#usual = [ux + share * (x - ux), uy + share * (y - uy), uz + share * (z - uz)];
    return [x - ux, y - uy, z - uz];
  }
}

const REST = new Float32Array(EXPRESSION_NAMES.length);
