import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import type { FilterContext } from '../filter/definition';
import type { AnchorName } from '../filter/face-anchors';

/** Distance between the ears of the mean face, mm. */
const EARS = 155;

/**
 * A node on an anchor for props made for the mean head: it is scaled to the width of this head in its first frame.
 * Position and rotate it to fit the prop.
 */
export function seatOn(
  { scene, anchors }: Pick<FilterContext, 'scene' | 'anchors'>,
  anchor: AnchorName,
): TransformNode {
  const seat = new TransformNode('seat', scene);
  seat.parent = anchors[anchor];
  seat.scaling.setAll((anchors.earLeft.position.x - anchors.earRight.position.x) / EARS);
  return seat;
}
