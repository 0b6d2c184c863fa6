varying cropUv: vec2f;
var fitTexture: texture_2d<f32>; // slope, value at middle grey
uniform cells: f32;

fn fitAt(x: i32, y: i32) -> vec4f {
  let cell = vec2i(fragmentInputs.cropUv * uniforms.cells) + vec2i(x, y);
  return textureLoad(fitTexture, clamp(cell, vec2i(0), vec2i(i32(uniforms.cells) - 1)), 0);
}

// The mean of the functions around each cell.
@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  fragmentOutputs.color = 0.25 * (fitAt(1, 1) + fitAt(1, -1) + fitAt(-1, 1) + fitAt(-1, -1));
}
