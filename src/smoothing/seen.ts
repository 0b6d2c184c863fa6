import { toMatrix } from '../face/rotation';
import { type FaceData, REGIONS, type Region } from '../face/types';

/** Visibility that counts as complete: the edge of a region is always uncertain. */
const CLEAR = 0.9;

/** A region's visible share, 1 from CLEAR on: uncertain edges have no effect on an uncovered face. */
export function seenShare(visibility: number): number {
  return Math.min(1, Math.max(0, visibility / CLEAR));
}

/** Mean visible share of some regions, 0 to 1. */
export function seenOf(visibility: FaceData['visibility'], regions: readonly Region[] = REGIONS): number {
  const sum = regions.reduce((total, region) => total + seenShare(visibility[region]), 0);
  return sum / regions.length;
}

/** Cosines of the angle to the camera: fully frontal down to the first, not frontal below the second. */
const FRONTAL = 0.92;
const SIDEWAYS = 0.7;

/** 1 for a face turned to the camera, 0 from 45 degrees on. */
export function frontality({ camera }: Pick<FaceData, 'camera'>): number {
  const facing = toMatrix(camera.rotation)[8];
  return Math.min(1, Math.max(0, (facing - SIDEWAYS) / (FRONTAL - SIDEWAYS)));
}
