import { Color3, CreateTorus, CreateTube, defineFilter, PBRMaterial, Vector3 } from '../render/filter-api';

export const glasses = defineFilter({
  name: 'glasses',
  title: 'Glasses',
  setup({ scene, anchors }) {
    const acetate = new PBRMaterial('acetate', scene);
    acetate.albedoColor = new Color3(0.02, 0.02, 0.025);
    acetate.metallic = 0;
    acetate.roughness = 0.2;
    const { noseBridge, earLeft, earRight } = anchors;
    for (const [side, ear] of [
      [1, earLeft],
      [-1, earRight],
    ] as const) {
      const rim = CreateTorus(`rim ${side}`, { diameter: 48, thickness: 4, tessellation: 64 }, scene);
      rim.rotation.x = Math.PI / 2;
      rim.position.set(side * 32, -4, 6);
      rim.parent = noseBridge;
      rim.material = acetate;
      const hinge = new Vector3(side * 58, 4, 2);
      const end = ear.position.subtract(noseBridge.position);
      const temple = CreateTube(
        `temple ${side}`,
        { path: [hinge, end, end.add(new Vector3(0, -20, -20))], radius: 2 },
        scene,
      );
      temple.parent = noseBridge;
      temple.material = acetate;
    }
  },
  frame() {},
});
