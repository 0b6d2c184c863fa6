precision highp float;
varying vec4 clip;
varying vec3 cameraNormal;
varying vec3 cameraPosition;
varying vec2 skinUv;
varying vec3 skinAlbedo;
varying float skinCover;
uniform sampler2D frameTexture;
uniform vec4 frameToClip; // scale, offset
uniform vec2 frameSize;
uniform vec4 light[9]; // per basis function: red, green, blue
uniform float opacity;

struct Skin {
  vec3 frame; // of the video, linear
  vec3 albedo; // estimated, linear
  vec3 light; // estimated, of a white surface
  vec3 shading; // light measured in the frame, in the colour of the estimated light
  vec3 normal; // unit, x right, y up, z to the viewer
  vec3 position; // mm from the head's middle, same axes
  vec2 uv;
};

/*DECLARATIONS*/

// Nine spherical harmonics in the order 1 y z x xy yz 3zz-1 xz xx-yy, times the light.
vec3 irradiance(vec3 n) {
  return max(0.282095 * light[0].rgb
    + 0.488603 * (n.y * light[1].rgb + n.z * light[2].rgb + n.x * light[3].rgb)
    + 1.092548 * (n.x * n.y * light[4].rgb + n.y * n.z * light[5].rgb + n.x * n.z * light[7].rgb)
    + 0.315392 * (3.0 * n.z * n.z - 1.0) * light[6].rgb
    + 0.546274 * (n.x * n.x - n.y * n.y) * light[8].rgb, vec3(0.02));
}

float luminance(vec3 colour) {
  return dot(colour, vec3(0.2126, 0.7152, 0.0722));
}

/*FILM*/

void main() {
  Skin skin;
  vec2 pixel = (clip.xy / clip.w - frameToClip.zw) / frameToClip.xy;
  skin.frame = pow(texture2D(frameTexture, (pixel + 0.5) / frameSize).rgb, vec3(2.2));
  skin.albedo = max(skinAlbedo, vec3(0.01));
  skin.normal = normalize(cameraNormal);
  skin.light = irradiance(skin.normal);
  float lit = luminance(skin.light);
  float seen = luminance(skin.frame) / luminance(skin.albedo);
  skin.shading = skin.light * clamp(seen / lit, 0.15, 2.5);
  skin.position = cameraPosition;
  skin.uv = skinUv;
  vec4 drawn = film(skin);
  float alpha = drawn.a * skinCover * opacity;
  if (alpha < 0.004) discard;
  gl_FragColor = vec4(pow(max(drawn.rgb, vec3(0.0)), vec3(1.0 / 2.2)), alpha);
}
