precision highp float;
attribute vec3 position; // a panel's corner, 0..1, y down, or model millimetres
attribute vec3 normal;
attribute vec3 albedo; // linear RGB
uniform mat4 worldViewProjection;
uniform mat4 world;
uniform vec4 frameToClip; // scale, offset
uniform vec4 crop; // centre, then side times cos and sin of its angle
uniform vec4 panelBox; // left, top, width, height in clip space
uniform float onFace; // 1 the fitted face, 0 the panel itself
varying vec2 cropUv;
varying vec3 cropNormal;
varying vec3 skinAlbedo;
varying vec2 panelUv;

void main() {
  vec2 uv = position.xy;
  float depth = 0.0;
  if (onFace > 0.5) {
    vec4 clip = worldViewProjection * vec4(position, 1.0);
    vec2 away = (clip.xy / clip.w - frameToClip.zw) / frameToClip.xy - crop.xy;
    uv = vec2(dot(away, crop.zw), dot(away, vec2(-crop.w, crop.z))) / dot(crop.zw, crop.zw) + 0.5;
    if (frameToClip.x < 0.0) uv.x = 1.0 - uv.x;
    depth = clip.z / clip.w;
  }
  vec3 n = (world * vec4(normal, 0.0)).xyz;
  vec2 turn = normalize(crop.zw);
  cropNormal = vec3(turn.x * n.x - turn.y * n.y, turn.y * n.x + turn.x * n.y, n.z);
  skinAlbedo = albedo;
  panelUv = uv;
  cropUv = frameToClip.x < 0.0 ? vec2(1.0 - uv.x, uv.y) : uv;
  gl_Position = vec4(panelBox.x + panelBox.z * uv.x, panelBox.y - panelBox.w * uv.y, depth, 1.0);
}
