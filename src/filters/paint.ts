import { defineFilter, skinFilm } from '../render/filter-api';

/** Light of the frame itself on the paint, a little of the skin through it, and the shine of grease. */
const GLSL = `
vec4 film(Skin skin) {
  vec4 layer = texture2D(paint, skin.uv);
  vec3 body = pow(layer.rgb, vec3(2.2)) * skin.shading;
  vec3 toSky = normalize(vec3(0.25, 0.6, 1.0));
  float shine = pow(max(dot(skin.normal, toSky), 0.0), 24.0) * 0.05 * luminance(skin.light);
  return vec4(mix(body, skin.frame, 0.06) + shine, layer.a * 0.94);
}`;
const WGSL = `
fn film(skin: Skin) -> vec4f {
  let layer = textureSample(paint, paintSampler, skin.uv);
  let body = pow(layer.rgb, vec3f(2.2)) * skin.shading;
  let toSky = normalize(vec3f(0.25, 0.6, 1.0));
  let shine = pow(max(dot(skin.normal, toSky), 0.0), 24.0) * 0.05 * luminance(skin.light);
  return vec4f(mix(body, skin.frame, 0.06) + shine, layer.a * 0.94);
}`;

/** A tiger, painted on the skin: it moves with every expression, and the video's own light and shadow fall on it. */
export const paint = defineFilter({
  name: 'paint',
  title: 'Face paint',
  assets: { paint: 'filters/tiger.png' },
  setup: (context) => skinFilm(context, { glsl: GLSL, wgsl: WGSL, textures: { paint: context.assets.paint } }),
  frame: (film, face) => film.show(face),
});
