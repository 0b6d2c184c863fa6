precision highp float;
varying vec2 cropUv;
uniform sampler2D cellTexture; // colour, mask
uniform sampler2D fitTexture; // slope, value at middle grey
uniform float cells;

// The fitted mask on its own cells, for a second fit.
void main() {
  vec4 fit = vec4(0.0);
  for (int y = -1; y <= 1; y++) {
    for (int x = -1; x <= 1; x++) fit += texture2D(fitTexture, cropUv + 1.5 * vec2(float(x), float(y)) / cells);
  }
  vec3 colour = texture2D(cellTexture, cropUv).rgb;
  gl_FragColor = vec4(colour, smoothstep(0.2, 0.8, (dot(fit.rgb, colour - 0.5) + fit.a) / 9.0));
}
