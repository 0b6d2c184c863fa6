// Black over violet and orange to pale yellow.
vec3 heat(float t) {
  return clamp(vec3(1.6 * t, 2.0 * t - 0.75, t < 0.4 ? 1.3 * t : 0.9 - t + 1.6 * max(t - 0.75, 0.0)), 0.0, 1.0);
}

vec3 panel(Place place, int number) {
  if (number == 0) return place.onFace ? place.fit : place.frame * 0.35;
  if (number == 1) {
    vec3 off = abs(place.fit - place.frame);
    return place.onFace ? heat(clamp(2.2 * max(off.r, max(off.g, off.b)), 0.0, 1.0)) : vec3(0.03, 0.02, 0.06);
  }
  vec3 skin = mix(place.frame * 0.55, vec3(0.16, 0.72, 0.62), 0.5 * place.mask.g * (1.0 - place.mask.r));
  return mix(skin, vec3(1.0, 0.38, 0.3), 0.85 * place.mask.r);
}
