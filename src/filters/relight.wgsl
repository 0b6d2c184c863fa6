fn film(skin: Skin) -> vec4f {
  let way = uniforms.bulb - skin.position;
  let distance = length(way);
  let to = way / distance;
  let fall = uniforms.power * 10000.0 / (distance * distance + 1600.0);
  let facing = max((dot(skin.normal, to) + 0.12) / 1.12, 0.0);
  let ratio = (uniforms.room * skin.light + uniforms.warm * fall * facing) / skin.light;
  let mirror = pow(max(dot(skin.normal, normalize(to + vec3f(0.0, 0.0, 1.0))), 0.0), 28.0);
  let shine = 0.07 * mirror * fall * facing * uniforms.warm;
  return vec4f(skin.frame * min(ratio, vec3f(5.0)) + shine, 1.0);
}
