varying maskUv: vec2f;
varying frameUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
var maskTextureSampler: sampler;
var maskTexture: texture_2d<f32>; // red: the network's occluder
var sharpTextureSampler: sampler;
var sharpTexture: texture_2d<f32>; // alpha: sharpened
uniform sharpPart: vec4f; // rectangle where it is valid, or empty: left, top, right, bottom
uniform sharpens: f32; // 0: the mask as it is
uniform tint: vec4f; // colour and its strength
uniform opacity: f32;

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let maskUv = fragmentInputs.maskUv;
  var occluder = textureSampleLevel(maskTexture, maskTextureSampler, maskUv, 0.0).r;
  if (uniforms.sharpens > 0.5) {
    let inside = step(uniforms.sharpPart.xy, maskUv) * step(maskUv, uniforms.sharpPart.zw);
    var mask = smoothstep(0.2, 0.8, occluder);
    if (inside.x * inside.y > 0.5) { mask = textureSampleLevel(sharpTexture, sharpTextureSampler, maskUv, 0.0).a; }
    occluder = smoothstep(0.15, 0.85, mask);
  }
  let border = smoothstep(vec2f(0.0), vec2f(0.04), min(maskUv, 1.0 - maskUv));
  let alpha = occluder * border.x * border.y;
  if (alpha < 0.004) { discard; }
  let colour = textureSampleLevel(frameTexture, frameTextureSampler, fragmentInputs.frameUv, 0.0).rgb;
  fragmentOutputs.color = vec4f(mix(colour, uniforms.tint.rgb, uniforms.tint.a), alpha * uniforms.opacity);
}
