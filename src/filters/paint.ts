import { defineFilter, skinFilm } from '../render/filter-api';
import glsl from './paint.glsl?raw';
import wgsl from './paint.wgsl?raw';

/** A tiger, painted on the skin: it moves with every expression, and the video's own light and shadow fall on it. */
export const paint = defineFilter({
  name: 'paint',
  title: 'Face paint',
  assets: { paint: 'filters/tiger.png' },
  setup: (context) => skinFilm(context, { glsl, wgsl, textures: { paint: context.assets.paint } }),
  frame: (film, face) => film.show(face),
});
