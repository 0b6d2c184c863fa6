varying cropUv: vec2f;
var cellTexture: texture_2d<f32>; // colour, mask
uniform cells: f32;

const NEAR = 2; // cells by which a fit can move an outline
const POOR = 0.1; // least share of the mask's variance that colours must explain, below it the mask is unchanged
const GOOD = 0.4;
const FAINT = 0.2; // change of the mask within NEAR below which there is no outline
const CLEAR = 0.6;
const RIDGE = 6e-5; // regularisation: variance of a colour without information

// The cell at an offset, clamped to the border.
fn cellAt(x: i32, y: i32) -> vec4f {
  let cell = vec2i(fragmentInputs.cropUv * uniforms.cells) + vec2i(x, y);
  return textureLoad(cellTexture, clamp(cell, vec2i(0), vec2i(i32(uniforms.cells) - 1)), 0);
}

// A Gaussian of 2.2 cells, at steps of 2.
fn weightOf(steps: i32) -> f32 {
  return select(select(select(0.0243, 0.1915, steps == 2), 0.6615, steps == 1), 1.0, steps == 0);
}

// The linear function of colour that fits the mask best around each cell (guided filter, He et al. 2010):
// slope, and value at middle grey.
@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let here = cellAt(0, 0);
  var low = here.a;
  var high = here.a;
  for (var y = -1; y <= 1; y++) {
    for (var x = -1; x <= 1; x++) {
      let near = cellAt(NEAR * x, NEAR * y).a;
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
      let weight = weightOf(abs(x)) * weightOf(abs(y));
      let cell = cellAt(2 * x, 2 * y);
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
  let trust = smoothstep(POOR, GOOD, explained) * smoothstep(FAINT, CLEAR, high - low);
  let value = mask - dot(slope, colour + middle - 0.5);
  fragmentOutputs.color = vec4f(trust * slope, mix(here.a, value, trust));
}
