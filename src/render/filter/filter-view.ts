import type { Seconds } from '../../face/types';
import type { Placement } from '../view/placement';

/** What filters need for a drawing besides the faces. */
export interface FilterView {
  readonly time: Seconds;
  readonly placement: Placement;
  /** Strength of the faces' own light, see FaceLight. */
  readonly light: number;
}
