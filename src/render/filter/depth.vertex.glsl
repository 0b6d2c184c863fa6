precision highp float;
attribute vec3 position; // head space, mm
uniform mat4 worldViewProjection;

void main() {
  gl_Position = worldViewProjection * vec4(position, 1.0);
}
