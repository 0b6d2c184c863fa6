varying maskUv: vec2f;
varying frameUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
var maskTextureSampler: sampler;
var maskTexture: texture_2d<f32>; // red: what is in front, green: the occluder, which is tinted
var sharpTextureSampler: sampler;
var sharpTexture: texture_2d<f32>; // alpha: sharpened
uniform sharpPart: vec4f; // rectangle where it is valid, or empty: left, top, right, bottom
uniform sharpens: f32; // 0: the mask as it is
uniform tint: vec4f; // colour and its strength
uniform opacity: f32;

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let maskUv = fragmentInputs.maskUv;
  let cell = textureSampleLevel(maskTexture, maskTextureSampler, maskUv, 0.0).rg;
  var front = cell.r;
  if (uniforms.sharpens > 0.5) {
    let inside = step(uniforms.sharpPart.xy, maskUv) * step(maskUv, uniforms.sharpPart.zw);
    var mask = smoothstep(0.2, 0.8, front);
    if (inside.x * inside.y > 0.5) { mask = textureSampleLevel(sharpTexture, sharpTextureSampler, maskUv, 0.0).a; }
    front = smoothstep(0.15, 0.85, mask);
  }
  let border = smoothstep(vec2f(0.0), vec2f(0.04), min(maskUv, 1.0 - maskUv));
  let alpha = front * border.x * border.y;
  if (alpha < 0.004) { discard; }
  let colour = textureSampleLevel(frameTexture, frameTextureSampler, fragmentInputs.frameUv, 0.0).rgb;
  let tinted = uniforms.tint.a * min(1.0, cell.g / max(cell.r, 0.004));
  fragmentOutputs.color = vec4f(mix(colour, uniforms.tint.rgb, tinted), alpha * uniforms.opacity);
}
