varying clip: vec4f;
varying cameraNormal: vec3f;
varying cameraPosition: vec3f;
varying skinUv: vec2f;
varying skinAlbedo: vec3f;
varying skinCover: f32;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;
uniform frameToClip: vec4f; // scale, offset
uniform frameSize: vec2f;
uniform light: array<vec4f, 9>; // per basis function: red, green, blue
uniform opacity: f32;

struct Skin {
  frame: vec3f, // of the video, linear
  albedo: vec3f, // estimated, linear
  light: vec3f, // estimated, of a white surface
  shading: vec3f, // light measured in the frame, in the colour of the estimated light
  normal: vec3f, // unit, x right, y up, z to the viewer
  position: vec3f, // mm from the head's middle, same axes
  uv: vec2f,
}

/*DECLARATIONS*/

// Nine spherical harmonics in the order 1 y z x xy yz 3zz-1 xz xx-yy, times the light.
fn irradiance(n: vec3f) -> vec3f {
  return max(0.282095 * uniforms.light[0].rgb
    + 0.488603 * (n.y * uniforms.light[1].rgb + n.z * uniforms.light[2].rgb + n.x * uniforms.light[3].rgb)
    + 1.092548 * (n.x * n.y * uniforms.light[4].rgb + n.y * n.z * uniforms.light[5].rgb + n.x * n.z * uniforms.light[7].rgb)
    + 0.315392 * (3.0 * n.z * n.z - 1.0) * uniforms.light[6].rgb
    + 0.546274 * (n.x * n.x - n.y * n.y) * uniforms.light[8].rgb, vec3f(0.02));
}

fn luminance(colour: vec3f) -> f32 {
  return dot(colour, vec3f(0.2126, 0.7152, 0.0722));
}

/*FILM*/

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  var skin: Skin;
  let pixel = (fragmentInputs.clip.xy / fragmentInputs.clip.w - uniforms.frameToClip.zw) / uniforms.frameToClip.xy;
  let colour = textureSample(frameTexture, frameTextureSampler, (pixel + 0.5) / uniforms.frameSize).rgb;
  skin.frame = pow(colour, vec3f(2.2));
  skin.albedo = max(fragmentInputs.skinAlbedo, vec3f(0.01));
  skin.normal = normalize(fragmentInputs.cameraNormal);
  skin.light = irradiance(skin.normal);
  let lit = luminance(skin.light);
  let seen = luminance(skin.frame) / luminance(skin.albedo);
  skin.shading = skin.light * clamp(seen / lit, 0.15, 2.5);
  skin.position = fragmentInputs.cameraPosition;
  skin.uv = fragmentInputs.skinUv;
  let drawn = film(skin);
  let alpha = drawn.a * fragmentInputs.skinCover * uniforms.opacity;
  if (alpha < 0.004) { discard; }
  fragmentOutputs.color = vec4f(pow(max(drawn.rgb, vec3f(0.0)), vec3f(1.0 / 2.2)), alpha);
}
