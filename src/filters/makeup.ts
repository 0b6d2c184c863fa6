import { defineFilter, type FilterFace, skinFilm } from '../render/filter-api';
import glsl from './makeup.glsl?raw';
import wgsl from './makeup.wgsl?raw';

/** Visibility of lips, eyes and cheeks. */
function amounts({ visibility: v }: FilterFace): [number, number, number] {
  const soft = (share: number) => Math.min(1, share * 2);
  return [soft(v.mouth), soft(Math.max(v.eyeLeft, v.eyeRight)), soft(Math.max(v.cheekLeft, v.cheekRight))];
}

/**
 * Lipstick, eye shadow, liner and blush change the albedo only: each pixel is multiplied by the ratio of new to old
 * albedo, so that light, shadow, pores and highlights are kept.
 */
export const makeup = defineFilter({
  name: 'makeup',
  title: 'Make-up',
  assets: { colours: 'filters/makeup-colour.png', lines: 'filters/makeup-lines.png' },
  setup: (context) =>
    skinFilm(context, {
      glsl,
      wgsl,
      values: {
        lipColour: [0.34, 0.012, 0.03],
        shadowColour: [0.11, 0.035, 0.1],
        blushColour: [0.62, 0.1, 0.1],
        amounts: [1, 1, 1],
      },
      textures: { colours: context.assets.colours, lines: context.assets.lines },
    }),
  frame(film, face) {
    film.set('amounts', amounts(face));
    film.show(face);
  },
});
