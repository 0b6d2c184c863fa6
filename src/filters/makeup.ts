import { defineFilter, type FilterFace, skinFilm } from '../render/filter-api';

/**
 * The pixel as the video shows it, times what the new albedo would throw back against the old: light, shadow, pores and
 * highlights stay. Teeth that the fit has missed are told from lips by their want of colour.
 */
const GLSL = `
vec3 worn(vec3 skin, vec3 colour, float amount) {
  return mix(skin, colour, amount);
}
vec4 film(Skin skin) {
  vec2 half_ = vec2(1.0 - abs(2.0 * skin.uv.x - 1.0), skin.uv.y);
  vec3 tone = texture2D(colours, half_).rgb;
  vec3 line = texture2D(lines, half_).rgb;
  float most = max(skin.frame.r, max(skin.frame.g, skin.frame.b));
  float least = min(skin.frame.r, min(skin.frame.g, skin.frame.b));
  float tooth = smoothstep(0.5, 0.3, (most - least) / max(most, 0.001)) * smoothstep(0.05, 0.12, most);
  float onLips = tone.r * (1.0 - tooth) * amounts.x;
  vec3 albedo = worn(skin.albedo, lipColour, 0.78 * onLips);
  albedo = worn(albedo, shadowColour, 0.72 * tone.g * amounts.y);
  albedo = worn(albedo, blushColour, 0.4 * tone.b * amounts.z);
  albedo = worn(albedo, vec3(0.012, 0.009, 0.008), 0.93 * line.r * amounts.y);
  vec3 ratio = clamp(albedo / skin.albedo, 0.0, 4.0);
  float bright = max(luminance(skin.frame) / (luminance(skin.albedo) * luminance(skin.light)) - 1.0, 0.0);
  float gloss = line.g * (1.0 - tooth) * amounts.x * min(bright, 1.0) * 0.3 + line.b * amounts.z * 0.05;
  return vec4(skin.frame * ratio + gloss * skin.light, min(1.0, 8.0 * max(max(tone.r, tone.g), max(tone.b, max(line.r, line.b)))));
}`;
const WGSL = `
fn film(skin: Skin) -> vec4f {
  let half_ = vec2f(1.0 - abs(2.0 * skin.uv.x - 1.0), skin.uv.y);
  let tone = textureSample(colours, coloursSampler, half_).rgb;
  let line = textureSample(lines, linesSampler, half_).rgb;
  let most = max(skin.frame.r, max(skin.frame.g, skin.frame.b));
  let least = min(skin.frame.r, min(skin.frame.g, skin.frame.b));
  let tooth = (1.0 - smoothstep(0.3, 0.5, (most - least) / max(most, 0.001))) * smoothstep(0.05, 0.12, most);
  let onLips = tone.r * (1.0 - tooth) * uniforms.amounts.x;
  var albedo = mix(skin.albedo, uniforms.lipColour, 0.78 * onLips);
  albedo = mix(albedo, uniforms.shadowColour, 0.72 * tone.g * uniforms.amounts.y);
  albedo = mix(albedo, uniforms.blushColour, 0.4 * tone.b * uniforms.amounts.z);
  albedo = mix(albedo, vec3f(0.012, 0.009, 0.008), 0.93 * line.r * uniforms.amounts.y);
  let ratio = clamp(albedo / skin.albedo, vec3f(0.0), vec3f(4.0));
  let bright = max(luminance(skin.frame) / (luminance(skin.albedo) * luminance(skin.light)) - 1.0, 0.0);
  let gloss = line.g * (1.0 - tooth) * uniforms.amounts.x * min(bright, 1.0) * 0.3 + line.b * uniforms.amounts.z * 0.05;
  let touched = max(max(tone.r, tone.g), max(tone.b, max(line.r, line.b)));
  return vec4f(skin.frame * ratio + gloss * skin.light, min(1.0, 8.0 * touched));
}`;

/** Lips, eyes and cheeks as far as they are seen. */
function amounts({ visibility: v }: FilterFace): [number, number, number] {
  const soft = (share: number) => Math.min(1, share * 2);
  return [soft(v.mouth), soft(Math.max(v.eyeLeft, v.eyeRight)), soft(Math.max(v.cheekLeft, v.cheekRight))];
}

/** Lipstick, eye shadow, liner and blush: other albedo, the same light. */
export const makeup = defineFilter({
  name: 'makeup',
  title: 'Make-up',
  assets: { colours: 'filters/makeup-colour.png', lines: 'filters/makeup-lines.png' },
  setup: (context) =>
    skinFilm(context, {
      glsl: GLSL,
      wgsl: WGSL,
      values: {
        lipColour: [0.42, 0.012, 0.03],
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
