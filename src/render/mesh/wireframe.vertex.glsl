precision highp float;
attribute vec3 position; // model millimetres
attribute vec3 normal;
attribute vec3 corner; // barycentric, at least 1 everywhere for an edge that is not drawn
attribute float cover;
uniform mat4 projection;
uniform mat4 lightRotation;
varying vec3 edgeDistance;
varying float facing;
varying float surfaceCover;

void main() {
  edgeDistance = corner;
  facing = (lightRotation * vec4(normal, 0.0)).z;
  surfaceCover = cover;
  gl_Position = projection * vec4(position, 1.0);
}
