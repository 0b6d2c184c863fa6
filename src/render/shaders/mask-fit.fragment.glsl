precision highp float;
varying vec2 cropUv;
uniform sampler2D cellTexture; // colour, mask
uniform float cells;

const float SIGMA = 4.5; // cells
const float POOR = 0.1; // share of the mask's variance that colours explain: below it the mask stays as it is
const float GOOD = 0.4;
const float SURE = 0.1; // sum of nine masks that says nothing at all, or that far from everything
const float RIDGE = 6e-5; // variance of a colour that says nothing

// The linear function of colour that comes closest to the mask around each cell (guided filter, He et al. 2010):
// slope, and value at middle grey.
void main() {
  float around = 0.0;
  for (int y = -1; y <= 1; y++) {
    for (int x = -1; x <= 1; x++) around += texture2D(cellTexture, cropUv + 6.0 * vec2(float(x), float(y)) / cells).a;
  }
  if (around < SURE || around > 9.0 - SURE) {
    gl_FragColor = vec4(0.0, 0.0, 0.0, step(4.5, around));
    return;
  }
  vec4 here = texture2D(cellTexture, cropUv);
  vec3 middle = here.rgb;
  float weights = 0.0;
  float mask = 0.0;
  float maskSquare = 0.0;
  vec3 colour = vec3(0.0);
  vec3 both = vec3(0.0);
  vec3 squares = vec3(0.0); // rr gg bb
  vec3 products = vec3(0.0); // rg rb gb
  for (int y = -4; y <= 4; y++) {
    for (int x = -4; x <= 4; x++) {
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
  float trust = smoothstep(POOR, GOOD, explained);
  float value = mask - dot(slope, colour + middle - 0.5);
  gl_FragColor = vec4(trust * slope, mix(here.a, value, trust));
}
