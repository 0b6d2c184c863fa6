precision highp float;
varying vec3 edgeDistance;
varying float facing;
varying float surfaceCover;
uniform vec4 lineColour;
uniform vec4 fillColour;
uniform float lineWidth; // half, canvas pixels
uniform float opacity;

void main() {
  vec3 pixels = edgeDistance / max(fwidth(edgeDistance), vec3(1e-6));
  float nearest = min(pixels.x, min(pixels.y, pixels.z));
  float line = 1.0 - smoothstep(lineWidth - 0.5, lineWidth + 0.5, nearest);
  float lit = 0.35 + 0.65 * clamp(facing, 0.0, 1.0);
  vec4 colour = mix(fillColour, vec4(lineColour.rgb, lineColour.a * lit), line);
  gl_FragColor = vec4(colour.rgb, colour.a * surfaceCover * opacity);
}
