precision highp float;
attribute vec3 position; // frame pixels
attribute vec4 capsule; // along, across, length, radius, frame pixels
attribute vec4 tone; // colour and opacity
uniform vec4 frameToClip; // scale, offset
varying vec4 strokeCapsule;
varying vec4 strokeTone;

void main() {
  strokeCapsule = capsule;
  strokeTone = tone;
  gl_Position = vec4(position.xy * frameToClip.xy + frameToClip.zw, 0.0, 1.0);
}
