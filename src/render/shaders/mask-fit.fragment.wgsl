varying cropUv: vec2f;
var cellTextureSampler: sampler;
var cellTexture: texture_2d<f32>; // colour, mask
uniform cells: f32;
uniform most: f32; // of the function that is believed, the rest is the mask's own

const SIGMA = 2.2; // cells
const NEAR = 2.0; // cells by which a fit moves an outline
const POOR = 0.1; // share of the mask's variance that colours explain: below it the mask stays as it is
const GOOD = 0.4;
const FAINT = 0.2; // change of the mask within NEAR that is no outline
const CLEAR = 0.6;
const RIDGE = 6e-5; // variance of a colour that says nothing

fn cellAt(uv: vec2f) -> vec4f {
  return textureSampleLevel(cellTexture, cellTextureSampler, uv, 0.0);
}

// The linear function of colour that comes closest to the mask around each cell (guided filter, He et al. 2010):
// slope, and value at middle grey.
@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let uv = fragmentInputs.cropUv;
  let here = cellAt(uv);
  var low = here.a;
  var high = here.a;
  for (var y = -1; y <= 1; y++) {
    for (var x = -1; x <= 1; x++) {
      let near = cellAt(uv + NEAR * vec2f(f32(x), f32(y)) / uniforms.cells).a;
      low = min(low, near);
      high = max(high, near);
    }
  }
  if (high - low < FAINT) {
    fragmentOutputs.color = vec4f(0.0, 0.0, 0.0, here.a);
    return fragmentOutputs;
  }
  let middle = here.rgb;
  var weights = 0.0;
  var mask = 0.0;
  var maskSquare = 0.0;
  var colour = vec3f(0.0);
  var both = vec3f(0.0);
  var squares = vec3f(0.0); // rr gg bb
  var products = vec3f(0.0); // rg rb gb
  for (var y = -3; y <= 3; y++) {
    for (var x = -3; x <= 3; x++) {
      let away = 2.0 * vec2f(f32(x), f32(y));
      let weight = exp(-dot(away, away) / (2.0 * SIGMA * SIGMA));
      let cell = cellAt(uv + away / uniforms.cells);
      let c = cell.rgb - middle;
      weights += weight;
      mask += weight * cell.a;
      maskSquare += weight * cell.a * cell.a;
      colour += weight * c;
      both += weight * cell.a * c;
      squares += weight * c * c;
      products += weight * c.rrg * c.gbb;
    }
  }
  mask /= weights;
  colour /= weights;
  both = both / weights - mask * colour;
  squares = squares / weights - colour * colour + RIDGE;
  products = products / weights - colour.rrg * colour.gbb;
  let first = vec3f(squares.x, products.x, products.y);
  let second = vec3f(products.x, squares.y, products.z);
  let third = vec3f(products.y, products.z, squares.z);
  let cofactor = cross(second, third);
  let slope = (cofactor * both.x + cross(third, first) * both.y + cross(first, second) * both.z) / dot(first, cofactor);
  let explained = dot(slope, both) / (maskSquare / weights - mask * mask + 1e-4);
  let trust = uniforms.most * smoothstep(POOR, GOOD, explained) * smoothstep(FAINT, CLEAR, high - low);
  let value = mask - dot(slope, colour + middle - 0.5);
  fragmentOutputs.color = vec4f(trust * slope, mix(here.a, value, trust));
}
