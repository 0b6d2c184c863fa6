varying cropUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
var maskTextureSampler: sampler;
var maskTexture: texture_2d<f32>;
uniform frameSize: vec2f;
uniform crop: vec4f; // centre, then side times cos and sin of its angle
uniform cells: f32;

fn frameAt(uv: vec2f) -> vec3f {
  let t = uv - 0.5;
  let crop = uniforms.crop;
  let pixel = crop.xy + vec2f(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  return textureSampleLevel(frameTexture, frameTextureSampler, (pixel + 0.5) / uniforms.frameSize, 0.0).rgb;
}

// One cell of the mask with the frame's mean colour there.
@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let uv = fragmentInputs.cropUv;
  let reach = vec2f(0.27, -0.27) / uniforms.cells;
  let colour = 0.25 * (frameAt(uv + reach.xx) + frameAt(uv + reach.xy) + frameAt(uv + reach.yx) + frameAt(uv + reach.yy));
  let mask = textureSampleLevel(maskTexture, maskTextureSampler, uv, 0.0).r;
  fragmentOutputs.color = vec4f(colour, mask);
}
