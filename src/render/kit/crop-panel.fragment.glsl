precision highp float;
varying vec2 cropUv;
varying vec3 cropNormal;
varying vec3 skinAlbedo;
varying vec2 panelUv;
uniform sampler2D frameTexture;
uniform sampler2D maskTexture;
uniform sampler2D titles; // stacked
uniform vec2 frameSize;
uniform vec4 crop;
uniform float onFace;
uniform float number;
uniform float count;

// Colours as displayed, gamma-encoded.
struct Place {
  vec3 frame; // of the video
  vec3 fit; // of the fitted face, black elsewhere
  vec2 mask; // probability of an occluder, and of visible skin
  bool onFace; // on the fitted face, else beside or behind it
};

/*PANEL*/

void main() {
  vec2 label = vec2(panelUv.x / 0.62, (panelUv.y - 0.86) / 0.14);
  bool labelled = label.x < 1.0 && label.y > 0.0;
  Place place;
  place.onFace = onFace > 0.5;
  if (min(panelUv.x, panelUv.y) < 0.0 || max(panelUv.x, panelUv.y) > 1.0 || (labelled && place.onFace)) discard;
  vec2 t = cropUv - 0.5;
  vec2 pixel = crop.xy + vec2(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  place.frame = texture2D(frameTexture, (pixel + 0.5) / frameSize).rgb;
  place.mask = texture2D(maskTexture, cropUv).rg;
  place.fit = vec3(0.0);
  if (place.onFace) place.fit = pow(max(skinAlbedo * irradiance(normalize(cropNormal)), 0.0), vec3(1.0 / 2.2));
  vec3 colour = panel(place, int(number + 0.5));
  if (labelled) {
    float ink = texture2D(titles, vec2(label.x, (number + label.y) / count)).a;
    colour = mix(colour * 0.55, vec3(1.0), ink);
  }
  gl_FragColor = vec4(colour, 1.0);
}
