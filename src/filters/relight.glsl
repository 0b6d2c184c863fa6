vec4 film(Skin skin) {
  vec3 way = bulb - skin.position;
  float distance = length(way);
  vec3 to = way / distance;
  float fall = power * 10000.0 / (distance * distance + 1600.0);
  float facing = max((dot(skin.normal, to) + 0.12) / 1.12, 0.0);
  vec3 ratio = (room * skin.light + warm * fall * facing) / skin.light;
  float mirror = pow(max(dot(skin.normal, normalize(to + vec3(0.0, 0.0, 1.0))), 0.0), 28.0);
  vec3 shine = 0.07 * mirror * fall * facing * warm;
  return vec4(skin.frame * min(ratio, vec3(5.0)) + shine, 1.0);
}
