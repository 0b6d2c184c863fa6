precision highp float;
attribute vec3 position; // model millimetres
attribute vec3 normal;
attribute vec2 uv;
attribute vec2 hair; // 0 at the root to 1 at the tip, and the hair's length, mm
uniform mat4 world;
uniform mat4 worldViewProjection;
varying vec3 cameraNormal;
varying vec3 strandDirection;
varying vec2 skinUv;
varying float height;

void main() {
  float h = hair.x;
  vec3 down = vec3(0.0, -1.0, 0.1);
  vec3 combed = down - normal * dot(normal, down);
  vec3 grown = normal * (h - 0.35 * h * h) * 0.75 + combed * (0.3 * h + 0.7 * h * h);
  vec3 tip = normal * (1.0 - 0.7 * h) * 0.75 + combed * (0.3 + 1.4 * h);
  cameraNormal = (world * vec4(normal, 0.0)).xyz;
  strandDirection = (world * vec4(tip, 0.0)).xyz;
  skinUv = uv;
  height = h;
  gl_Position = worldViewProjection * vec4(position + hair.y * grown, 1.0);
}
