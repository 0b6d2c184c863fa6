precision highp float;
attribute vec3 position; // corner of the frame, 0..1
uniform vec4 frameToClip; // scale, offset
uniform vec2 frameSize;
varying vec2 frameUv;

void main() {
  frameUv = position.xy;
  vec2 pixel = position.xy * frameSize - 0.5;
  gl_Position = vec4(pixel * frameToClip.xy + frameToClip.zw, 0.0, 1.0);
}
