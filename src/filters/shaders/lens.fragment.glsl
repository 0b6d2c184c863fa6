precision highp float;
varying vec2 cropUv;
varying vec3 cropNormal;
varying vec3 skinAlbedo;
varying vec2 panelUv;
uniform sampler2D frameTexture;
uniform sampler2D maskTexture; // red something in front, green visible skin
uniform sampler2D titles; // one above the other
uniform vec2 frameSize;
uniform vec4 crop;
uniform vec4 light[9]; // per basis function: red, green, blue
uniform float surface;
uniform float shown; // 0 fit, 1 difference, 2 mask

vec3 irradiance(vec3 n) {
  return 0.282095 * light[0].rgb
    + 0.488603 * (n.y * light[1].rgb + n.z * light[2].rgb + n.x * light[3].rgb)
    + 1.092548 * (n.x * n.y * light[4].rgb + n.y * n.z * light[5].rgb + n.x * n.z * light[7].rgb)
    + 0.315392 * (3.0 * n.z * n.z - 1.0) * light[6].rgb
    + 0.546274 * (n.x * n.x - n.y * n.y) * light[8].rgb;
}

// Black over violet and orange to pale yellow.
vec3 heat(float t) {
  return clamp(vec3(1.6 * t, 2.0 * t - 0.75, t < 0.4 ? 1.3 * t : 0.9 - t + 1.6 * max(t - 0.75, 0.0)), 0.0, 1.0);
}

void main() {
  vec2 label = vec2(panelUv.x / 0.62, (panelUv.y - 0.86) / 0.14);
  bool labelled = label.x < 1.0 && label.y > 0.0;
  if (min(panelUv.x, panelUv.y) < 0.0 || max(panelUv.x, panelUv.y) > 1.0 || (labelled && surface > 0.5)) discard;
  vec2 t = cropUv - 0.5;
  vec2 pixel = crop.xy + vec2(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  vec3 frame = texture2D(frameTexture, (pixel + 0.5) / frameSize).rgb;
  vec3 colour = shown < 0.5 ? frame * 0.35 : shown < 1.5 ? vec3(0.03, 0.02, 0.06) : frame * 0.55;
  if (surface > 0.5) {
    vec3 fit = pow(max(skinAlbedo * irradiance(normalize(cropNormal)), 0.0), vec3(1.0 / 2.2));
    vec3 off = abs(fit - frame);
    colour = shown < 0.5 ? fit : heat(clamp(2.2 * max(off.r, max(off.g, off.b)), 0.0, 1.0));
  } else if (shown > 1.5) {
    vec2 mask = texture2D(maskTexture, cropUv).rg;
    colour = mix(colour, vec3(0.16, 0.72, 0.62), 0.5 * mask.g * (1.0 - mask.r));
    colour = mix(colour, vec3(1.0, 0.38, 0.3), 0.85 * mask.r);
  }
  if (labelled) {
    float ink = texture2D(titles, vec2(label.x, (shown + label.y) / 3.0)).a;
    colour = mix(colour * 0.55, vec3(1.0), ink);
  }
  gl_FragColor = vec4(colour, 1.0);
}
