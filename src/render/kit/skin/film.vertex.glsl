precision highp float;
attribute vec3 position; // model millimetres
attribute vec3 normal;
attribute vec2 uv;
attribute vec3 albedo; // linear RGB
attribute float cover; // 1 on the face, 0 on eyes and in the mouth
uniform mat4 world;
uniform mat4 worldViewProjection;
varying vec4 clip;
varying vec3 cameraNormal;
varying vec3 cameraPosition;
varying vec2 skinUv;
varying vec3 skinAlbedo;
varying float skinCover;

void main() {
  clip = worldViewProjection * vec4(position, 1.0);
  cameraNormal = (world * vec4(normal, 0.0)).xyz;
  cameraPosition = (world * vec4(position, 1.0)).xyz;
  skinUv = uv;
  skinAlbedo = albedo;
  skinCover = cover;
  gl_Position = clip;
}
