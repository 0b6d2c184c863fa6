precision highp float;
varying vec2 cropUv;
uniform sampler2D cellTexture; // colour, mask
uniform float cells;
uniform float most; // of the function that is believed, the rest is the mask's own

const float SIGMA = 2.2; // cells
const float NEAR = 2.0; // cells by which a fit moves an outline
const float POOR = 0.1; // share of the mask's variance that colours explain: below it the mask stays as it is
const float GOOD = 0.4;
const float FAINT = 0.2; // change of the mask within NEAR that is no outline
const float CLEAR = 0.6;
const float RIDGE = 6e-5; // variance of a colour that says nothing

// The linear function of colour that comes closest to the mask around each cell (guided filter, He et al. 2010):
// slope, and value at middle grey.
void main() {
  vec4 here = texture2D(cellTexture, cropUv);
  float low = here.a;
  float high = here.a;
  for (int y = -1; y <= 1; y++) {
    for (int x = -1; x <= 1; x++) {
      float near = texture2D(cellTexture, cropUv + NEAR * vec2(float(x), float(y)) / cells).a;
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
      vec2 away = 2.0 * vec2(float(x), float(y));
      float weight = exp(-dot(away, away) / (2.0 * SIGMA * SIGMA));
      vec4 cell = texture2D(cellTexture, cropUv + away / cells);
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
  float trust = most * smoothstep(POOR, GOOD, explained) * smoothstep(FAINT, CLEAR, high - low);
  float value = mask - dot(slope, colour + middle - 0.5);
  gl_FragColor = vec4(trust * slope, mix(here.a, value, trust));
}
