varying cropUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
var fitTextureSampler: sampler;
var fitTexture: texture_2d<f32>; // slope, value at middle grey
var beforeTextureSampler: sampler;
var beforeTexture: texture_2d<f32>; // colour and mask of the previous frame, on its own crop
uniform frameSize: vec2f;
uniform crop: vec4f; // centre, then side times cos and sin of its angle
uniform toBefore: vec4f; // from this crop to the previous one, fixed in the frame: a, b, then the shift
uniform partBefore: vec4f; // rectangle of the previous mask, on its own crop: left, top, right, bottom
uniform size: f32; // of the result
uniform kept: f32; // maximum weight of the previous mask

const EMPTY = 0.2; // mask value below which there is no occluder
const FULL = 0.8;
const SIGMA_COLOUR = 0.038; // for middle grey and brighter colours, darker ones have less contrast
const DARKEST = 0.35;

fn frameAt(t: vec2f) -> vec3f {
  let crop = uniforms.crop;
  let pixel = crop.xy + vec2f(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  return textureSampleLevel(frameTexture, frameTextureSampler, (pixel + 0.5) / uniforms.frameSize, 0.0).rgb;
}

// Mean colour over a pixel of the result, or over the frame's pixel where that is larger.
fn colourAt(t: vec2f) -> vec3f {
  let reach = 0.3 * max(1.0 / uniforms.size, 1.0 / length(uniforms.crop.zw));
  return 0.25 * (frameAt(t + vec2f(reach, reach)) + frameAt(t + vec2f(-reach, reach))
    + frameAt(t + vec2f(reach, -reach)) + frameAt(t - vec2f(reach, reach)));
}

fn beforeAt(uv: vec2f) -> vec4f {
  return textureSampleLevel(beforeTexture, beforeTextureSampler, uv, 0.0);
}

// The previous mask at a position, and the difference of the colours around it.
fn before(uv: vec2f, here: vec3f, left: vec3f, right: vec3f, up: vec3f, down: vec3f, reach: vec2f) -> vec2f {
  let same = beforeAt(uv);
  let inside = step(uniforms.partBefore.xy, uv) * step(uv, uniforms.partBefore.zw);
  let off = length(same.rgb - here)
    + length(beforeAt(uv - vec2f(reach.x, 0.0)).rgb - left)
    + length(beforeAt(uv + vec2f(reach.x, 0.0)).rgb - right)
    + length(beforeAt(uv - vec2f(0.0, reach.y)).rgb - up)
    + length(beforeAt(uv + vec2f(0.0, reach.y)).rgb - down);
  return vec2f(same.a, off / 5.0 + 1.0 - inside.x * inside.y);
}

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let uv = fragmentInputs.cropUv;
  let t = uv - 0.5;
  let fit = textureSampleLevel(fitTexture, fitTextureSampler, uv, 0.0);
  if (all(fit.rgb == vec3f(0.0)) && (fit.a <= EMPTY || fit.a >= FULL)) {
    fragmentOutputs.color = vec4f(frameAt(t), step(FULL, fit.a));
    return fragmentOutputs;
  }
  let colour = colourAt(t);
  let mask = smoothstep(EMPTY, FULL, dot(fit.rgb, colour - 0.5) + fit.a);
  let reach = vec2f(2.0 / uniforms.size);
  let left = frameAt(t - vec2f(reach.x, 0.0));
  let right = frameAt(t + vec2f(reach.x, 0.0));
  let up = frameAt(t - vec2f(0.0, reach.y));
  let down = frameAt(t + vec2f(0.0, reach.y));
  let way = uniforms.toBefore;
  let stayed = 0.5 + way.zw + vec2f(way.x * t.x - way.y * t.y, way.y * t.x + way.x * t.y);
  let inFrame = before(stayed, colour, left, right, up, down, reach);
  let withFace = before(uv, colour, left, right, up, down, reach);
  var old = withFace;
  if (inFrame.y <= withFace.y) { old = inFrame; }
  let sigma = SIGMA_COLOUR * clamp(2.0 * dot(colour, vec3f(1.0 / 3.0)), DARKEST, 1.0);
  let trust = uniforms.kept * exp(-old.y * old.y / (2.0 * sigma * sigma));
  fragmentOutputs.color = vec4f(colour, mix(mask, old.x, trust));
}
