import { defineFilter, propMaterial, seatOn, skinOver, Vector3 } from '../render/filter-api';

/** Radius and height in mm, from inside the crown over the brim's edge to the centre of the top. */
const FELT =
  '78,40 80,0 100,0 122,4 136,10 138,12 136,13 122,7 100,3 85,4 82,8 81,26 79,56 75,82 68,97 58,103 40,104 22,102 1,100';
const RIBBON = '81,5 83.6,7 83,16 82.4,27 79,29';

/** The hat's profile swept around the head: longer than wide, brim curled at the sides, crown pinched at the front. */
function around(outline: string): Vector3[][] {
  return outline.split(' ').map((point) => {
    const [radius = 0, height = 0] = point.split(',').map(Number);
    return Array.from({ length: 97 }, (_, i) => {
      const [x, z] = [radius * Math.sin((i * Math.PI) / 48), radius * Math.cos((i * Math.PI) / 48)];
      const brim = Math.max(radius - 84, 0) / 54;
      const curl = brim * brim * (16 * (x / 138) ** 2 - (z > 0 ? 14 : 2) * (z / 138) ** 2);
      const high = Math.min(Math.max((height - 30) / 70, 0), 1);
      const crease = high * 17 * Math.exp(-((x / 26) ** 2)) * (0.75 + z / 240);
      const pinch = 1 - 0.22 * high * Math.max(z / 80, 0);
      return new Vector3(x * pinch, height + curl - crease, 1.2 * z);
    });
  });
}

export const hat = defineFilter({
  name: 'hat',
  title: 'Hat',
  setup(context) {
    const seat = seatOn(context, 'crown');
    seat.position.set(0, -44, -3);
    seat.rotation.x = 0.08;
    const cloth = (name: string, colour: readonly [number, number, number], roughness: number) =>
      propMaterial(context.scene, name, { colour, roughness, reflectance: 0.3 });
    skinOver('felt', around(FELT), { material: cloth('felt', [0.07, 0.034, 0.02], 0.9), parent: seat });
    skinOver('ribbon', around(RIBBON), { material: cloth('ribbon', [0.008, 0.007, 0.01], 0.5), parent: seat });
  },
  frame() {},
});
