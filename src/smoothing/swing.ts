import { at, float64At } from '../face/at';

/** Number of successive reversals from which a change is oscillation, not motion. */
const SWINGS = 2;

/**
 * Detects oscillation from frame to frame, which neither heads nor faces do: the crop follows the face, and an error of
 * one frame moves the next crop the other way.
 */
export interface SwingDetector {
  /** Mean of the last two measurements where both are sure, else the last one. Valid until the next step. */
  readonly calm: Float64Array;
  start(value: ArrayLike<number>): void;
  /** Adds a measurement. True while the measurements oscillate. `sure`: uncovered and fully trusted. */
  step(value: ArrayLike<number>, sure: boolean): boolean;
  /** Moves the origin to `by`. */
  shift(by: ArrayLike<number>): void;
}

export function createSwingDetector(length: number): SwingDetector {
  const change = new Float64Array(length);
  const before = new Float64Array(length);
  const calm = new Float64Array(length);
  let wasSure = false;
  let swings = 0;

  const isReversal = (value: ArrayLike<number>): boolean => {
    let dot = 0;
    let square = 0;
    let other = 0;
    for (let i = 0; i < length; i++) {
      const now = at(value, i) - float64At(before, i);
      dot += now * float64At(change, i);
      square += now * now;
      other += float64At(change, i) ** 2;
      change[i] = now;
    }
    return dot < -0.5 * Math.sqrt(square * other);
  };

  return {
    calm,
    start(value) {
      for (let i = 0; i < length; i++) before[i] = at(value, i);
      wasSure = true;
    },
    step(value, sure) {
      swings = isReversal(value) ? swings + 1 : 0;
      for (let i = 0; i < length; i++) {
        calm[i] = sure && wasSure ? (at(value, i) + float64At(before, i)) / 2 : at(value, i);
        before[i] = at(value, i);
      }
      wasSure = sure;
      return swings >= SWINGS;
    },
    shift(by) {
      for (let i = 0; i < length; i++) before[i] = float64At(before, i) - at(by, i);
    },
  };
}
