varying maskUv: vec2f;
varying frameUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
var maskTextureSampler: sampler;
var maskTexture: texture_2d<f32>;
uniform maskSize: vec2f;
uniform frameSize: vec2f;
uniform crop: vec4f;
uniform tint: vec4f; // colour and how much of it
uniform opacity: f32;

const SIGMA_CELLS = 1.3;
const SIGMA_COLOUR = 0.09;

fn maskAt(uv: vec2f) -> f32 {
  return textureSampleLevel(maskTexture, maskTextureSampler, uv, 0.0).r;
}

fn frameAt(uv: vec2f) -> vec3f {
  return textureSampleLevel(frameTexture, frameTextureSampler, uv, 0.0).rgb;
}

// Where a step of one mask cell goes in the frame's texture.
fn frameStep(cells: vec2f) -> vec2f {
  let t = cells / uniforms.maskSize;
  let crop = uniforms.crop;
  return vec2f(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y) / uniforms.frameSize;
}

// The mask sharpened against the picture: cells of the pixel's own colour count most (joint bilateral filter).
fn refined(maskUv: vec2f, frameUv: vec2f, colour: vec3f) -> f32 {
  let cell = maskUv * uniforms.maskSize - 0.5;
  let base = floor(cell + 0.5);
  var sum = 0.0;
  var weights = 1e-5;
  for (var y = -2; y <= 2; y++) {
    for (var x = -2; x <= 2; x++) {
      let away = base + vec2f(f32(x), f32(y)) - cell;
      let other = frameAt(frameUv + frameStep(away)) - colour;
      let weight = exp(-dot(away, away) / (2.0 * SIGMA_CELLS * SIGMA_CELLS))
        * (exp(-dot(other, other) / (2.0 * SIGMA_COLOUR * SIGMA_COLOUR)) + 0.02);
      sum += weight * maskAt((cell + away + 0.5) / uniforms.maskSize);
      weights += weight;
    }
  }
  return sum / weights;
}

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let maskUv = fragmentInputs.maskUv;
  let frameUv = fragmentInputs.frameUv;
  let colour = frameAt(frameUv);
  let reach = 2.0 / uniforms.maskSize;
  let here = maskAt(maskUv);
  let a = maskAt(maskUv + vec2f(reach.x, 0.0));
  let b = maskAt(maskUv - vec2f(reach.x, 0.0));
  let c = maskAt(maskUv + vec2f(0.0, reach.y));
  let d = maskAt(maskUv - vec2f(0.0, reach.y));
  let low = min(here, min(min(a, b), min(c, d)));
  let high = max(here, max(max(a, b), max(c, d)));
  if (high < 0.08) { discard; }
  var occluder = 1.0;
  if (low <= 0.92) { occluder = refined(maskUv, frameUv, colour); }
  let border = smoothstep(vec2f(0.0), vec2f(0.04), min(maskUv, 1.0 - maskUv));
  let alpha = smoothstep(0.3, 0.7, occluder) * border.x * border.y;
  fragmentOutputs.color = vec4f(mix(colour, uniforms.tint.rgb, uniforms.tint.a), alpha * uniforms.opacity);
}
