import { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { describe, expect, it } from 'vitest';
import { NeckFade } from '../../../src/render/avatar/neck-fade';
import { useAvatarScene } from './test-scene';

const scene = useAvatarScene();

/** A collar from y = 0 to 1, and the alpha of its vertices by height. */
function setUp(colours?: readonly number[]) {
  const root = new TransformNode('root', scene());
  const collar = CreateCylinder('collar', { height: 1, subdivisions: 4, updatable: true }, scene());
  collar.parent = root;
  collar.position.y = 0.5;
  const material = new PBRMaterial('cloth', scene());
  material.transparencyMode = PBRMaterial.PBRMATERIAL_OPAQUE;
  collar.material = material;
  const count = collar.getTotalVertices();
  if (colours)
    collar.setVerticesData('color', Array.from({ length: count }, () => colours).flat(), true, colours.length);
  const fade = new NeckFade([collar], root, { opaque: 0.75, transparent: 0.25 });
  const alphas = () => {
    const [positions = [], values = []] = [collar.getVerticesData('position'), collar.getVerticesData('color')].map(
      (data) => data ?? [],
    );
    const at = (height: number) => {
      const vertex =
        Array.from({ length: count }, (_, i) => i).find((i) => positions[3 * i + 1] === height - 0.5) ?? -1;
      return values[4 * vertex + 3];
    };
    return [0, 0.25, 0.5, 0.75, 1].map(at);
  };
  return { root, collar, material, fade, alphas };
}

describe('NeckFade', () => {
  it('AV12 fades a collar from opaque to transparent over the video, and not in the studio', () => {
    const { collar, material, fade, alphas } = setUp();
    fade.setEnabled(true);
    expect(alphas()).toEqual([0, 0, 0.5, 1, 1]);
    expect(collar.hasVertexAlpha).toBe(true);
    expect(collar.material?.needAlphaBlendingForMesh(collar)).toBe(true);
    expect(material.needAlphaBlendingForMesh(collar)).toBe(false);
    fade.setEnabled(false);
    expect(alphas()).toEqual([1, 1, 1, 1, 1]);
    expect([collar.hasVertexAlpha, collar.material]).toEqual([false, material]);
  });

  it('AV12 keeps the colours of the file', () => {
    const { collar, fade, alphas } = setUp([0.5, 0.25, 0.75]);
    fade.setEnabled(true);
    expect(alphas()).toEqual([0, 0, 0.5, 1, 1]);
    expect([...(collar.getVerticesData('color') ?? [])].slice(0, 3)).toEqual([0.5, 0.25, 0.75]);
  });

  it('AV12 leaves a mesh above the neck as it is', () => {
    const { root, collar } = setUp();
    collar.position.y = 2;
    new NeckFade([collar], root, { opaque: 0.75, transparent: 0.25 }).setEnabled(true);
    expect(collar.hasVertexAlpha).toBe(false);
  });
});
