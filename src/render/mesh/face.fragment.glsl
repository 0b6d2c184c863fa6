precision highp float;
varying vec3 lightNormal;
varying vec3 surfaceAlbedo;
varying float surfaceCover;
uniform float opacity;

void main() {
  vec3 n = normalize(lightNormal);
  vec3 linear = max(surfaceAlbedo * irradiance(n), vec3(0.0));
  gl_FragColor = vec4(pow(linear, vec3(1.0 / 2.2)), surfaceCover * opacity);
}
