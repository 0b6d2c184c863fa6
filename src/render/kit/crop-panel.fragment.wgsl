varying cropUv: vec2f;
varying cropNormal: vec3f;
varying skinAlbedo: vec3f;
varying panelUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
var maskTextureSampler: sampler;
var maskTexture: texture_2d<f32>;
var titlesSampler: sampler;
var titles: texture_2d<f32>; // stacked
uniform frameSize: vec2f;
uniform crop: vec4f;
uniform onFace: f32;
uniform number: f32;
uniform count: f32;

// Colours as displayed, gamma-encoded.
struct Place {
  frame: vec3f, // of the video
  fit: vec3f, // of the fitted face, black elsewhere
  mask: vec2f, // probability of an occluder, and of visible skin
  onFace: bool, // on the fitted face, else beside or behind it
};

/*PANEL*/

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let uv = fragmentInputs.panelUv;
  let crop = uniforms.crop;
  let t = fragmentInputs.cropUv - 0.5;
  let pixel = crop.xy + vec2f(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  let label = vec2f(uv.x / 0.62, (uv.y - 0.86) / 0.14);
  let labelled = label.x < 1.0 && label.y > 0.0;
  let ink = textureSampleLevel(titles, titlesSampler, vec2f(label.x, (uniforms.number + label.y) / uniforms.count), 0.0).a;
  var place: Place;
  place.onFace = uniforms.onFace > 0.5;
  place.frame = textureSampleLevel(frameTexture, frameTextureSampler, (pixel + 0.5) / uniforms.frameSize, 0.0).rgb;
  place.mask = textureSampleLevel(maskTexture, maskTextureSampler, fragmentInputs.cropUv, 0.0).rg;
  place.fit = vec3f(0.0);
  if (place.onFace) {
    let linear = fragmentInputs.skinAlbedo * irradiance(normalize(fragmentInputs.cropNormal));
    place.fit = pow(max(linear, vec3f(0.0)), vec3f(1.0 / 2.2));
  }
  if (min(uv.x, uv.y) < 0.0 || max(uv.x, uv.y) > 1.0 || (labelled && place.onFace)) { discard; }
  var colour = panel(place, i32(uniforms.number + 0.5));
  if (labelled) { colour = mix(colour * 0.55, vec3f(1.0), ink); }
  fragmentOutputs.color = vec4f(colour, 1.0);
}
