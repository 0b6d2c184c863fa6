varying maskUv: vec2f;
varying frameUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
var maskTextureSampler: sampler;
var maskTexture: texture_2d<f32>;
uniform sharpened: f32; // 1: the mask is in alpha and sharpened, 0: in red as the network gave it
uniform tint: vec4f; // colour and how much of it
uniform opacity: f32;

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let maskUv = fragmentInputs.maskUv;
  let mask = textureSampleLevel(maskTexture, maskTextureSampler, maskUv, 0.0);
  let occluder = mix(mask.r, smoothstep(0.15, 0.85, mask.a), uniforms.sharpened);
  let border = smoothstep(vec2f(0.0), vec2f(0.04), min(maskUv, 1.0 - maskUv));
  let alpha = occluder * border.x * border.y;
  if (alpha < 0.004) { discard; }
  let colour = textureSampleLevel(frameTexture, frameTextureSampler, fragmentInputs.frameUv, 0.0).rgb;
  fragmentOutputs.color = vec4f(mix(colour, uniforms.tint.rgb, uniforms.tint.a), alpha * uniforms.opacity);
}
