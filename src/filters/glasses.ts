import {
  bar,
  defineFilter,
  points,
  propMaterial,
  seatOn,
  skinOver,
  TransformNode,
  turns,
  Vector3,
} from '../render/filter-api';

/** Edge of a lens at an angle, mm: a rounded rectangle, wider at the top, curved around the face. */
function edge(angle: number, grow: number, forward = 0): Vector3 {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reach = (Math.abs(cos) ** 2.7 + Math.abs(sin) ** 2.7) ** (-1 / 2.7);
  const x = (25.5 + grow) * cos * reach * (1 + 0.06 * sin);
  return new Vector3(x, (20 + grow) * sin * reach, forward - 0.0028 * (x + 16) ** 2);
}

/** Outlines of the rim around its cross-section. */
const RIM = turns(12).map((turn) =>
  turns(72).map((angle) => edge(angle, (2.6 + Math.sin(angle)) * (1 + Math.cos(turn)), 2.2 * Math.sin(turn))),
);
const LENS = [turns(72).map((angle) => edge(angle, 1)), turns(72).map(() => new Vector3(0, 0, 0.5))];

export const glasses = defineFilter({
  name: 'glasses',
  title: 'Glasses',
  setup(context) {
    const { scene, anchors } = context;
    const colour = [0.012, 0.006, 0.004] as const;
    const acetate = propMaterial(scene, 'acetate', { colour, roughness: 0.35, reflectance: 0.4 });
    const glass = propMaterial(scene, 'glass', { colour: [0.02, 0.05, 0.06], roughness: 0.05, alpha: 0.25 });
    const front = seatOn(context, 'noseBridge');
    bar('bridge', points('-11 1 4, 0 4 6, 11 1 4'), 2.4, { material: acetate, parent: front });
    for (const [side, ear] of [
      [1, anchors.earLeft],
      [-1, anchors.earRight],
    ] as const) {
      const eye = new TransformNode('eye', scene);
      eye.parent = front;
      eye.position.set(side * 33, -3, 5);
      eye.scaling.x = side;
      skinOver('rim', RIM, { material: acetate, parent: eye });
      skinOver('lens', LENS, { material: glass, parent: eye });
      const { x, y, z } = ear.position.subtract(anchors.noseBridge.position).scale(1 / front.scaling.x);
      const over = side * x - 33;
      const behindEar = `${over + 1} ${y + 6} ${z}, ${over + 3} ${y} ${z - 22}, ${over} ${y - 28} ${z - 36}`;
      const way = points(`27 12 -4, 35 12 -8, 39 11 -40, ${behindEar}`);
      bar('temple', way, 2.6, { material: acetate, parent: eye });
    }
  },
  frame() {},
});
