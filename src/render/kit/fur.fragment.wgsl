varying cameraNormal: vec3f;
varying strandDirection: vec3f;
varying skinUv: vec2f;
varying height: f32;
var growthSampler: sampler;
var growth: texture_2d<f32>; // red: density and height of the hair
var strandsSampler: sampler;
var strands: texture_2d<f32>; // tiled, red: height of the strand, green: its shade
uniform tiles: f32;
uniform colour: vec3f; // linear
uniform light: array<vec4f, 9>; // per basis function: red, green, blue
uniform lamp: vec3f; // unit vector towards most light
uniform opacity: f32;

// Nine spherical harmonics in the order 1 y z x xy yz 3zz-1 xz xx-yy, times the light.
fn irradiance(n: vec3f) -> vec3f {
  return max(0.282095 * uniforms.light[0].rgb
    + 0.488603 * (n.y * uniforms.light[1].rgb + n.z * uniforms.light[2].rgb + n.x * uniforms.light[3].rgb)
    + 1.092548 * (n.x * n.y * uniforms.light[4].rgb + n.y * n.z * uniforms.light[5].rgb + n.x * n.z * uniforms.light[7].rgb)
    + 0.315392 * (3.0 * n.z * n.z - 1.0) * uniforms.light[6].rgb
    + 0.546274 * (n.x * n.x - n.y * n.y) * uniforms.light[8].rgb, vec3f(0.02));
}

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let height = fragmentInputs.height;
  let grows = textureSample(growth, growthSampler, fragmentInputs.skinUv).r;
  let strand = textureSample(strands, strandsSampler, fragmentInputs.skinUv * uniforms.tiles).rg;
  let tall = strand.r * smoothstep(0.0, 0.9, grows);
  let alpha = smoothstep(height - 0.08, height + 0.12, tall) * smoothstep(0.0, 0.75, grows) * uniforms.opacity;
  if (alpha < 0.01) { discard; }
  // Little light reaches the roots. A strand is brightest perpendicular to the light (Kajiya and Kay 1989).
  let along = normalize(fragmentInputs.strandDirection);
  let between = normalize(uniforms.lamp + vec3f(0.0, 0.0, 1.0));
  let across = dot(along, between);
  let gleam = pow(sqrt(max(1.0 - across * across, 0.0)), 50.0);
  let lit = irradiance(normalize(fragmentInputs.cameraNormal));
  let body = uniforms.colour * mix(0.55, 1.6, strand.g) * mix(0.35, 1.2, height) * lit;
  let shine = (uniforms.colour * 2.5 + 0.012) * gleam * height * 0.32 * lit;
  fragmentOutputs.color = vec4f(pow(body + shine, vec3f(1.0 / 2.2)), alpha);
}
