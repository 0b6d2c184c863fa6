/** A filter that wears a model from a GLB of its own, for filters.test.ts. */
import { defineFilter, TransformNode } from '../../src/render/filter-api';

/** Millimetres of the head for a metre of the file. */
const SIZE = 300;
/** The middle of the file's head, metres. */
const MIDDLE = 1.55;

/** The same from a .gltf file with separate data. */
export const wearsParts = defineFilter({
  name: 'wears-parts',
  title: 'Wears parts',
  assets: { model: 'parts/worn.gltf' },
  setup({ assets, anchors, scene }) {
    const seat = new TransformNode('seat', scene);
    seat.parent = anchors.noseTip;
    seat.scaling.setAll(SIZE);
    seat.position.y = -SIZE * MIDDLE;
    assets.model.addAllToScene();
    for (const node of assets.model.rootNodes) node.parent = seat;
  },
  frame() {},
});

export const wearsModel = defineFilter({
  name: 'wears-a-model',
  title: 'Wears a model',
  assets: { model: 'worn.glb' },
  setup({ assets, anchors, scene }) {
    const seat = new TransformNode('seat', scene);
    seat.parent = anchors.noseTip;
    seat.scaling.setAll(SIZE);
    seat.position.y = -SIZE * MIDDLE;
    for (const node of assets.model.instantiateModelsToScene().rootNodes) node.parent = seat;
  },
  frame() {},
});
