import { cropPanels, defineFilter } from '../render/filter-api';
import glsl from './lens.glsl?raw';
import wgsl from './lens.wgsl?raw';

/** What the network sees: the face it fits, where that differs from the picture, and what it takes to be in front. */
export const lens = defineFilter({
  name: 'lens',
  title: 'Occlusion lens',
  layer: 'over',
  setup: (context) => cropPanels(context, { titles: ['Fit', 'Difference', 'In front'], glsl, wgsl }),
  frame: (panels, face) => panels.show(face),
});
