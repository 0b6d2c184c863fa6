import { conjugate, exponential, IDENTITY, logarithm, multiply } from '../../face/rotation';
import { EXPRESSION_NAMES, type Face, type Quaternion, type Seconds, type Vector3 } from '../../face/types';

/** What an avatar is told to do. */
export interface AvatarPose {
  /** 52 in the order of EXPRESSION_NAMES, 0 to 1. */
  readonly expression: Float32Array;
  /** The head's turn, seen from the camera. */
  readonly rotation: Quaternion;
  /** Millimetres from where the head usually is: x right, y up, z to the viewer. */
  readonly offset: Vector3;
  /** 1 while there is a face, also a held one; 0 when there has been none for a while. */
  readonly presence: number;
}

/** Seconds a face that is lost is waited for before the avatar relaxes; hands that hide it all are quick. */
const WAIT = 0.25;
/** Time constants in seconds: back to rest, onto a face that is found again, of where a head usually is. */
const RELAX = 0.35;
const CATCH = 0.12;
const USUAL = 8;
/** Seconds until a face that was found is followed without delay. */
const SETTLE = 0.4;
/** Gaps of the clock longer than this are another place of the video. */
const LONGEST_STEP = 0.5;

/** Follows one face; where it is held or lost, the avatar comes to rest smoothly. A pure step but for its own memory. */
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
   * `face`: undefined where there is none now. The first face, and another one at the same time, as of another picture,
   * is taken as it is; the same one again changes nothing.
   */
  step(face: Face | undefined, time: Seconds): AvatarPose {
    const passed = time - (this.#time ?? time);
    const isNew = face !== this.#face && (this.#time === undefined || passed === 0);
    this.#time = time;
    this.#face = face;
    const step = passed < 0 || passed > LONGEST_STEP ? 1 / 30 : passed;
    if (face && face.state !== 'held') this.#follow(face, step, isNew);
    else this.#relax(step, face !== undefined);
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

  #relax(step: number, held: boolean): void {
    this.#unseen += step;
    if (this.#unseen < WAIT) return;
    this.#seen = 0;
    const share = 1 - Math.exp(-step / RELAX);
    this.#move(REST, IDENTITY, [0, 0, 0], share);
    if (!held) this.#presence *= 1 - share;
  }

  #move(expression: Float32Array, rotation: Quaternion, offset: Vector3, share: number): void {
    for (let i = 0; i < this.#expression.length; i++) {
      const now = this.#expression[i] ?? 0;
      this.#expression[i] = now + share * ((expression[i] ?? 0) - now);
    }
    const [x, y, z] = logarithm(multiply(conjugate(this.#rotation), rotation));
    this.#rotation = multiply(this.#rotation, exponential([share * x, share * y, share * z]));
    const [ox, oy, oz] = this.#offset;
    this.#offset = [ox + share * (offset[0] - ox), oy + share * (offset[1] - oy), oz + share * (offset[2] - oz)];
  }

  /** From where the head usually is. */
  #away([x, y, z]: Vector3, step: number): Vector3 {
    const [ux, uy, uz] = this.#usual ?? [x, y, z];
    const share = 1 - Math.exp(-step / USUAL);
    this.#usual = [ux + share * (x - ux), uy + share * (y - uy), uz + share * (z - uz)];
    return [x - ux, y - uy, z - uz];
  }
}

const REST = new Float32Array(EXPRESSION_NAMES.length);
