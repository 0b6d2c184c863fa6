import type { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { describe, expect, it } from 'vitest';
import { findBones } from '../../../src/render/avatar/bones';
import { measureAvatar } from '../../../src/render/avatar/extent';
import { loadAvatar } from '../../../src/render/avatar/load';
import type { HeadMeasure } from '../../../src/render/avatar/measure';
import { shapeBinds } from '../../../src/render/avatar/shapes';
import { type AvatarRecipe, avatarGlb, EYE, MOUTH, NODES } from './avatar-files';
import { LIDS, NO_NAMES, useAvatarScene } from './test-scene';

const scene = useAvatarScene();

/** `place`: changes the root before the measurement. */
async function measureOf(recipe: AvatarRecipe, place?: (root: TransformNode) => void): Promise<HeadMeasure> {
  const avatar = await loadAvatar(avatarGlb(recipe), 'test.glb', scene());
  place?.(avatar.root);
  return measureAvatar(avatar, shapeBinds(avatar), findBones(avatar));
}

describe('measureAvatar', { timeout: 60_000 }, () => {
  it('AV5 takes the eyes from bones, and their depth from the lids', async () => {
    /** Moves the eyes 40 mm into the head. */
    const change: AvatarRecipe['change'] = ({ nodes }) => {
      for (const eye of [NODES.leftEye, NODES.rightEye]) {
        const [x = 0, y = 0, z = 0] = (nodes[eye]?.translation ?? []) as number[];
        Object.assign(nodes[eye] ?? {}, { translation: [x, y, z - 0.04] });
      }
    };
    const deep = await measureOf({ targets: ['mouthPucker'], change });
    const lids = await measureOf({ targets: [...LIDS, 'mouthPucker'], change });
    expect(deep.eyeDistance).toBeCloseTo(2 * EYE[0], 4);
    expect(lids.eyeDistance).toBeCloseTo(deep.eyeDistance, 4);
    expect(deep.eyes[2]).toBeCloseTo(EYE[2] - 0.04, 4);
    expect(lids.eyes[2]).toBeGreaterThan(deep.eyes[2] + 0.02);
  });

  it('AV5 takes the eyes from what the lids move where no bone is known', async () => {
    const { eyes, eyeDistance } = await measureOf({ targets: LIDS, boneNames: NO_NAMES });
    expect(eyes[0]).toBeCloseTo(0, 2);
    expect(eyes[1]).toBeCloseTo(EYE[1], 2);
    expect(Math.abs(eyeDistance - 2 * EYE[0])).toBeLessThan(0.015);
  });

  it('AV5 takes the mouth from its shapes, else from the distance of the eyes', async () => {
    const shaped = await measureOf({ targets: ['mouthPucker'] });
    expect(Math.abs(shaped.mouthDrop - (EYE[1] - MOUTH[1]))).toBeLessThan(0.015);
    const plain = await measureOf({ targets: ['browInnerUp'] });
    expect(plain.mouthDrop).toBeCloseTo(1.05 * plain.eyeDistance, 6);
  });

  it('AV5 measures in the units of the file, wherever its nodes are', async () => {
    const usual = await measureOf({ targets: LIDS });
    const change: AvatarRecipe['change'] = ({ nodes }) => {
      Object.assign(nodes[NODES.neck] ?? {}, { translation: [0.3, 2, -0.1] });
    };
    const moved = await measureOf({ targets: LIDS, change });
    expect(moved.eyeDistance).toBeCloseTo(usual.eyeDistance, 5);
    expect(moved.halfWidth).toBeGreaterThan(moved.eyeDistance);
  });

  it.each([
    ['lids', { targets: LIDS, boneNames: NO_NAMES }],
    ['box', { targets: [], boneNames: NO_NAMES }],
  ])('AV5 measures in the axes and units of the root, wherever that is: %s', async (_, recipe) => {
    const usual = await measureOf(recipe);
    const placed = await measureOf(recipe, (root) => {
      root.position.set(3, -2, 1);
      root.scaling.setAll(2);
    });
    expect(placed.eyes[0]).toBeCloseTo(usual.eyes[0], 5);
    expect(placed.eyes[1]).toBeCloseTo(usual.eyes[1], 5);
    expect(placed.eyeDistance).toBeCloseTo(usual.eyeDistance, 5);
    expect(placed.halfWidth).toBeCloseTo(usual.halfWidth, 5);
  });

  it('AV5 measures a head without eyes by its box, from the head’s bone up', async () => {
    const boneless = await measureOf({ targets: [], boneNames: NO_NAMES });
    // Centre and radii of the ellipsoid in the file.
    expect(boneless.eyes[0]).toBeCloseTo(0, 2);
    expect(boneless.eyes[1]).toBeCloseTo(1.55, 2);
    expect(boneless.eyeDistance).toBeCloseTo(0.28 * 0.24, 2);
    expect(boneless.mouthDrop).toBeCloseTo(boneless.eyeDistance, 6);
    expect(boneless.halfWidth).toBeCloseTo(0.075, 2);
    const { eyes } = await measureOf({ targets: [], boneNames: { ...NO_NAMES, head: 'Head' } });
    expect(eyes[1]).toBeGreaterThan(boneless.eyes[1] + 0.01);
  });
});
