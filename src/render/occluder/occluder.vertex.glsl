precision highp float;
attribute vec3 position; // corner of the part, 0..1
uniform vec4 frameToClip; // scale, offset
uniform vec2 frameSize;
uniform vec4 crop; // the mask's square: centre, then side times cos and sin of its angle
uniform vec4 part; // of the square that is drawn: left, top, right, bottom
varying vec2 maskUv;
varying vec2 frameUv;

void main() {
  maskUv = mix(part.xy, part.zw, position.xy);
  vec2 t = maskUv - 0.5;
  vec2 pixel = crop.xy + vec2(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  frameUv = (pixel + 0.5) / frameSize;
  gl_Position = vec4(pixel * frameToClip.xy + frameToClip.zw, 0.0, 1.0);
}
