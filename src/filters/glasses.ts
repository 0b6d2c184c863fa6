import {
  Color3,
  CreateRibbon,
  CreateTube,
  Curve3,
  defineFilter,
  type Mesh,
  PBRMaterial,
  TransformNode,
  Vector3,
} from '../render/filter-api';

/** The edge of a lens at an angle, mm: a rounded rectangle, wider at the top, bent around the face. */
function edge(angle: number, grow: number, forward = 0): Vector3 {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reach = (Math.abs(cos) ** 2.7 + Math.abs(sin) ** 2.7) ** (-1 / 2.7);
  const x = (25.5 + grow) * cos * reach * (1 + 0.06 * sin);
  return new Vector3(x, (20 + grow) * sin * reach, forward - 0.0028 * (x + 16) ** 2);
}

const circle = (steps: number) => Array.from({ length: steps + 1 }, (_, i) => (2 * Math.PI * i) / steps);
const points = (list: readonly (readonly [number, number, number])[]) => list.map((at) => new Vector3(...at));
const curve = (list: readonly (readonly [number, number, number])[]) =>
  Curve3.CreateCatmullRomSpline(points(list), 12).getPoints();

export const glasses = defineFilter({
  name: 'glasses',
  title: 'Glasses',
  setup({ scene, anchors: { noseBridge, earLeft, earRight } }) {
    const acetate = new PBRMaterial('acetate', scene);
    Object.assign(acetate, {
      albedoColor: new Color3(0.012, 0.006, 0.004),
      metallic: 0,
      roughness: 0.35,
      metallicF0Factor: 0.4,
    });
    const glass = new PBRMaterial('glass', scene);
    Object.assign(glass, { albedoColor: new Color3(0.02, 0.05, 0.06), metallic: 0, roughness: 0.05, alpha: 0.25 });
    acetate.backFaceCulling = glass.backFaceCulling = false;
    acetate.twoSidedLighting = glass.twoSidedLighting = true;
    const front = new TransformNode('front', scene);
    front.parent = noseBridge;
    const size = (earLeft.position.x - earRight.position.x) / 155;
    front.scaling.setAll(size);
    const add = (mesh: Mesh, material: PBRMaterial, parent: TransformNode) => Object.assign(mesh, { material, parent });

    add(
      CreateTube(
        'bridge',
        {
          path: curve([
            [-11, 1, 4],
            [0, 4, 6],
            [11, 1, 4],
          ]),
          radius: 2.4,
        },
        scene,
      ),
      acetate,
      front,
    );
    for (const [side, ear] of [
      [1, earLeft],
      [-1, earRight],
    ] as const) {
      const eye = new TransformNode('eye', scene);
      eye.parent = front;
      eye.position.set(side * 33, -3, 5);
      eye.scaling.x = side;
      const profile = circle(12).map((turn) =>
        circle(72).map((angle) => edge(angle, (2.6 + Math.sin(angle)) * (1 + Math.cos(turn)), 2.2 * Math.sin(turn))),
      );
      add(CreateRibbon('rim', { pathArray: profile }, scene), acetate, eye);
      const lens = [circle(72).map((angle) => edge(angle, 1)), circle(72).map(() => new Vector3(0, 0, 0.5))];
      add(CreateRibbon('lens', { pathArray: lens }, scene), glass, eye);
      const { x, y, z } = ear.position.subtract(noseBridge.position).scale(1 / size);
      const over = side * x - 33;
      const arm = curve([
        [27, 12, -4],
        [35, 12, -8],
        [39, 11, -40],
        [over + 1, y + 6, z],
        [over + 3, y, z - 22],
        [over, y - 28, z - 36],
      ]);
      add(CreateTube('temple', { path: arm, radius: 2.6, cap: 3 }, scene), acetate, eye);
    }
  },
  frame() {},
});
