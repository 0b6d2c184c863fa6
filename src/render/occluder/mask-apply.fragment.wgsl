varying cropUv: vec2f;
var cellTextureSampler: sampler;
var cellTexture: texture_2d<f32>; // colour, mask
var fitTextureSampler: sampler;
var fitTexture: texture_2d<f32>; // slope, value at middle grey
uniform cells: f32;

// The fitted mask on its own cells, for a second fit.
@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let uv = fragmentInputs.cropUv;
  var fit = vec4f(0.0);
  for (var y = -1; y <= 1; y++) {
    for (var x = -1; x <= 1; x++) {
      fit += textureSampleLevel(fitTexture, fitTextureSampler, uv + 1.5 * vec2f(f32(x), f32(y)) / uniforms.cells, 0.0);
    }
  }
  let colour = textureSampleLevel(cellTexture, cellTextureSampler, uv, 0.0).rgb;
  fragmentOutputs.color = vec4f(colour, smoothstep(0.2, 0.8, (dot(fit.rgb, colour - 0.5) + fit.a) / 9.0));
}
