precision highp float;
attribute vec3 position; // model millimetres
attribute vec3 normal;
attribute vec3 albedo; // linear RGB
attribute float cover; // 1 on the face, fading to 0 towards the head
uniform mat4 projection;
uniform mat4 lightRotation;
varying vec3 lightNormal;
varying vec3 surfaceAlbedo;
varying float surfaceCover;

void main() {
  lightNormal = (lightRotation * vec4(normal, 0.0)).xyz;
  surfaceAlbedo = albedo;
  surfaceCover = cover;
  gl_Position = projection * vec4(position, 1.0);
}
