precision highp float;
attribute vec2 position; // corner of clip space
varying vec2 cropUv; // 0..1 over the crop, first row of the mask at 0

void main() {
  cropUv = position * 0.5 + 0.5;
  gl_Position = vec4(position, 0.0, 1.0);
}
