import { toMatrix } from '../face/rotation';
import { type FaceData, REGIONS, type Region } from '../face/types';

/** Visibility from which nothing is missing: a region's edge is always a little uncertain. */
const CLEAR = 0.9;

/** 1 where a region can be seen, its share below that; so a clear face never feels it is watched. */
export function seenShare(visibility: number): number {
  return Math.min(1, Math.max(0, visibility / CLEAR));
}

/** How much of some regions can be seen, 0 to 1. */
export function seenOf(visibility: FaceData['visibility'], regions: readonly Region[] = REGIONS): number {
  const sum = regions.reduce((total, region) => total + seenShare(visibility[region]), 0);
  return sum / regions.length;
}

/** Yaw and pitch up to this cosine count as frontal; none beyond the other. */
const FRONTAL = 0.92;
const SIDEWAYS = 0.7;

/** 1 for a face that looks at the camera, 0 for one that looks aside by 45 degrees or more. */
export function frontality({ camera }: FaceData): number {
  const facing = toMatrix(camera.rotation)[8];
  return Math.min(1, Math.max(0, (facing - SIDEWAYS) / (FRONTAL - SIDEWAYS)));
}
