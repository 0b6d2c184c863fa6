import { defineFilter, glowSprite, SteeredPoint, skinFilm } from '../render/filter-api';
import glsl from './relight.glsl?raw';
import wgsl from './relight.wgsl?raw';

/** Warm white, linear. */
const WARM = [1, 0.82, 0.58] as const;
/** Millimetres from the head's middle towards the viewer. */
const BULB_DEPTH = 105;

/**
 * A light bulb that lights the face in the video. It follows the pointer or the arrow keys; before that it moves in
 * circles. Each pixel is multiplied by the ratio of the new to the estimated light, on the fitted normals.
 */
export const relight = defineFilter({
  name: 'relight',
  title: 'Light bulb',
  assets: { glow: 'filters/bulb.png' },
  setup(context) {
    const values = { bulb: [80, 60, BULB_DEPTH], power: 4.5, room: 0.62, warm: WARM } as const;
    const film = skinFilm(context, { glsl, wgsl, values });
    const sprite = glowSprite(context.scene, 'bulb', context.assets.glow, 110);
    const circle = (time: number) => [100 * Math.cos(time), 40 + 70 * Math.sin(time)] as const;
    const bulb = new SteeredPoint(context, { depth: BULB_DEPTH, idle: circle });
    return { film, sprite, bulb };
  },
  frame({ film, sprite, bulb }, face) {
    const { x, y, z } = bulb.step(face.time);
    sprite.position.set(x, y, z);
    film.set('bulb', [x, y, z]);
    film.show(face);
  },
  dispose: ({ bulb }) => bulb.dispose(),
});
