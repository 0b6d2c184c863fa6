// Black over violet and orange to pale yellow.
fn heat(t: f32) -> vec3f {
  let blue = select(0.9 - t + 1.6 * max(t - 0.75, 0.0), 1.3 * t, t < 0.4);
  return clamp(vec3f(1.6 * t, 2.0 * t - 0.75, blue), vec3f(0.0), vec3f(1.0));
}

fn panel(place: Place, number: i32) -> vec3f {
  if (number == 0) { return select(place.frame * 0.35, place.fit, place.onFace); }
  if (number == 1) {
    let off = abs(place.fit - place.frame);
    return select(vec3f(0.03, 0.02, 0.06), heat(clamp(2.2 * max(off.r, max(off.g, off.b)), 0.0, 1.0)), place.onFace);
  }
  let skin = mix(place.frame * 0.55, vec3f(0.16, 0.72, 0.62), 0.5 * place.mask.g * (1.0 - place.mask.r));
  return mix(skin, vec3f(1.0, 0.38, 0.3), 0.85 * place.mask.r);
}
