precision highp float;
varying vec2 cropUv;
uniform sampler2D cellTexture; // colour, mask
uniform float cells;

const int NEAR = 2; // cells by which a fit can move an outline
const float POOR = 0.1; // least share of the mask's variance that colours must explain, below it the mask is unchanged
const float GOOD = 0.4;
const float FAINT = 0.2; // change of the mask within NEAR below which there is no outline
const float CLEAR = 0.6;
const float RIDGE = 6e-5; // regularisation: variance of a colour without information

// The cell at an offset, clamped to the border.
vec4 cellAt(int x, int y) {
  return texelFetch(cellTexture, clamp(ivec2(cropUv * cells) + ivec2(x, y), 0, int(cells) - 1), 0);
}

// A Gaussian of 2.2 cells, at steps of 2.
float weightOf(int steps) {
  return steps == 0 ? 1.0 : steps == 1 ? 0.6615 : steps == 2 ? 0.1915 : 0.0243;
}

// The linear function of colour that fits the mask best around each cell (guided filter, He et al. 2010):
// slope, and value at middle grey.
void main() {
  vec4 here = cellAt(0, 0);
  float low = here.a;
  float high = here.a;
  for (int y = -1; y <= 1; y++) {
    for (int x = -1; x <= 1; x++) {
      float near = cellAt(NEAR * x, NEAR * y).a;
      low = min(low, near);
      high = max(high, near);
    }
  }
  if (high - low < FAINT) {
    gl_FragColor = vec4(0.0, 0.0, 0.0, here.a);
    return;
  }
  vec3 middle = here.rgb;
  float weights = 0.0;
  float mask = 0.0;
  float maskSquare = 0.0;
  vec3 colour = vec3(0.0);
  vec3 both = vec3(0.0);
  vec3 squares = vec3(0.0); // rr gg bb
  vec3 products = vec3(0.0); // rg rb gb
  for (int y = -3; y <= 3; y++) {
    for (int x = -3; x <= 3; x++) {
      float weight = weightOf(abs(x)) * weightOf(abs(y));
      vec4 cell = cellAt(2 * x, 2 * y);
      vec3 c = cell.rgb - middle;
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
  vec3 first = vec3(squares.x, products.x, products.y);
  vec3 second = vec3(products.x, squares.y, products.z);
  vec3 third = vec3(products.y, products.z, squares.z);
  vec3 cofactor = cross(second, third);
  vec3 slope = (cofactor * both.x + cross(third, first) * both.y + cross(first, second) * both.z) / dot(first, cofactor);
  float explained = dot(slope, both) / (maskSquare / weights - mask * mask + 1e-4);
  float trust = smoothstep(POOR, GOOD, explained) * smoothstep(FAINT, CLEAR, high - low);
  float value = mask - dot(slope, colour + middle - 0.5);
  gl_FragColor = vec4(trust * slope, mix(here.a, value, trust));
}
