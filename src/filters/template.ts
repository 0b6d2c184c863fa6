/**
 * A filter to copy: `cp src/filters/template.ts src/filters/my-filter.ts`, then open the page with `?filter=my-filter`.
 * See docs/filters.md for everything else.
 */
import { Color3, CreateSphere, defineFilter, PBRMaterial } from '../render/filter-api';

export const template = defineFilter({
  name: 'template',
  title: 'Template',

  /** Runs once per face. What is created in `scene` is disposed automatically. */
  setup({ scene, anchors }) {
    const paint = new PBRMaterial('paint', scene);
    paint.albedoColor = new Color3(0.6, 0.01, 0.01);
    paint.metallic = 0;
    paint.roughness = 0.3;

    const nose = CreateSphere('nose', { diameter: 34 }, scene); // millimetres
    nose.parent = anchors.noseTip; // x to the subject's left, y up, z away from the skin
    nose.position.z = 2;
    nose.material = paint;
    return { nose };
  },

  /** Runs for every drawn frame with the face; `state` is the result of `setup`. */
  frame({ nose }, face) {
    nose.scaling.setAll(1 + 0.5 * face.expression.jawOpen);
  },
});
