precision highp float;
varying vec3 cameraNormal;
varying vec3 strandDirection;
varying vec2 skinUv;
varying float height;
uniform sampler2D growth; // red: density and height of the hair
uniform sampler2D strands; // tiled, red: height of the strand, green: its shade
uniform float tiles;
uniform vec3 colour; // linear
uniform vec4 light[9]; // per basis function: red, green, blue
uniform vec3 lamp; // unit vector towards most light
uniform float opacity;

// Nine spherical harmonics in the order 1 y z x xy yz 3zz-1 xz xx-yy, times the light.
vec3 irradiance(vec3 n) {
  return max(0.282095 * light[0].rgb
    + 0.488603 * (n.y * light[1].rgb + n.z * light[2].rgb + n.x * light[3].rgb)
    + 1.092548 * (n.x * n.y * light[4].rgb + n.y * n.z * light[5].rgb + n.x * n.z * light[7].rgb)
    + 0.315392 * (3.0 * n.z * n.z - 1.0) * light[6].rgb
    + 0.546274 * (n.x * n.x - n.y * n.y) * light[8].rgb, vec3(0.02));
}

void main() {
  float grows = texture2D(growth, skinUv).r;
  vec2 strand = texture2D(strands, skinUv * tiles).rg;
  float tall = strand.r * smoothstep(0.0, 0.9, grows);
  float alpha = smoothstep(height - 0.08, height + 0.12, tall) * smoothstep(0.0, 0.75, grows) * opacity;
  if (alpha < 0.01) discard;
  // Little light reaches the roots. A strand is brightest perpendicular to the light (Kajiya and Kay 1989).
  vec3 along = normalize(strandDirection);
  vec3 between = normalize(lamp + vec3(0.0, 0.0, 1.0));
  float across = dot(along, between);
  float gleam = pow(sqrt(max(1.0 - across * across, 0.0)), 50.0);
  vec3 lit = irradiance(normalize(cameraNormal));
  vec3 body = colour * mix(0.55, 1.6, strand.g) * mix(0.35, 1.2, height) * lit;
  vec3 shine = (colour * 2.5 + 0.012) * gleam * height * 0.32 * lit;
  gl_FragColor = vec4(pow(body + shine, vec3(1.0 / 2.2)), alpha);
}
