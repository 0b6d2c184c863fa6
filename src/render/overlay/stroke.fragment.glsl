precision highp float;
varying vec4 strokeCapsule;
varying vec4 strokeTone;
uniform float softness; // half a canvas pixel, in frame pixels

void main() {
  vec2 away = vec2(strokeCapsule.x - clamp(strokeCapsule.x, 0.0, strokeCapsule.z), strokeCapsule.y);
  float outside = length(away) - strokeCapsule.w;
  gl_FragColor = vec4(strokeTone.rgb, strokeTone.a * (1.0 - smoothstep(-softness, softness, outside)));
}
