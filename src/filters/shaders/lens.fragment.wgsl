varying cropUv: vec2f;
varying cropNormal: vec3f;
varying skinAlbedo: vec3f;
varying panelUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
var maskTextureSampler: sampler;
var maskTexture: texture_2d<f32>; // red something in front, green visible skin
var titlesSampler: sampler;
var titles: texture_2d<f32>; // one above the other
uniform frameSize: vec2f;
uniform crop: vec4f;
uniform light: array<vec4f, 9>; // per basis function: red, green, blue
uniform surface: f32;
uniform shown: f32; // 0 fit, 1 difference, 2 mask

fn irradiance(n: vec3f) -> vec3f {
  return 0.282095 * uniforms.light[0].rgb
    + 0.488603 * (n.y * uniforms.light[1].rgb + n.z * uniforms.light[2].rgb + n.x * uniforms.light[3].rgb)
    + 1.092548 * (n.x * n.y * uniforms.light[4].rgb + n.y * n.z * uniforms.light[5].rgb + n.x * n.z * uniforms.light[7].rgb)
    + 0.315392 * (3.0 * n.z * n.z - 1.0) * uniforms.light[6].rgb
    + 0.546274 * (n.x * n.x - n.y * n.y) * uniforms.light[8].rgb;
}

// Black over violet and orange to pale yellow.
fn heat(t: f32) -> vec3f {
  let blue = select(0.9 - t + 1.6 * max(t - 0.75, 0.0), 1.3 * t, t < 0.4);
  return clamp(vec3f(1.6 * t, 2.0 * t - 0.75, blue), vec3f(0.0), vec3f(1.0));
}

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let uv = fragmentInputs.panelUv;
  let crop = uniforms.crop;
  let t = fragmentInputs.cropUv - 0.5;
  let pixel = crop.xy + vec2f(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  let frame = textureSampleLevel(frameTexture, frameTextureSampler, (pixel + 0.5) / uniforms.frameSize, 0.0).rgb;
  let mask = textureSampleLevel(maskTexture, maskTextureSampler, fragmentInputs.cropUv, 0.0).rg;
  let label = vec2f(uv.x / 0.62, (uv.y - 0.86) / 0.14);
  let labelled = label.x < 1.0 && label.y > 0.0;
  let ink = textureSampleLevel(titles, titlesSampler, vec2f(label.x, (uniforms.shown + label.y) / 3.0), 0.0).a;
  if (min(uv.x, uv.y) < 0.0 || max(uv.x, uv.y) > 1.0 || (labelled && uniforms.surface > 0.5)) { discard; }
  var colour = frame * 0.55;
  if (uniforms.shown < 0.5) { colour = frame * 0.35; } else if (uniforms.shown < 1.5) { colour = vec3f(0.03, 0.02, 0.06); }
  if (uniforms.surface > 0.5) {
    let linear = fragmentInputs.skinAlbedo * irradiance(normalize(fragmentInputs.cropNormal));
    let fit = pow(max(linear, vec3f(0.0)), vec3f(1.0 / 2.2));
    let off = abs(fit - frame);
    colour = select(heat(clamp(2.2 * max(off.r, max(off.g, off.b)), 0.0, 1.0)), fit, uniforms.shown < 0.5);
  } else if (uniforms.shown > 1.5) {
    colour = mix(colour, vec3f(0.16, 0.72, 0.62), 0.5 * mask.g * (1.0 - mask.r));
    colour = mix(colour, vec3f(1.0, 0.38, 0.3), 0.85 * mask.r);
  }
  if (labelled) { colour = mix(colour * 0.55, vec3f(1.0), ink); }
  fragmentOutputs.color = vec4f(colour, 1.0);
}
