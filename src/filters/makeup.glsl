vec4 film(Skin skin) {
  vec2 at = vec2(1.0 - abs(2.0 * skin.uv.x - 1.0), skin.uv.y);
  vec3 tone = texture2D(colours, at).rgb;
  vec3 line = texture2D(lines, at).rgb;
  float most = max(skin.frame.r, max(skin.frame.g, skin.frame.b));
  float least = min(skin.frame.r, min(skin.frame.g, skin.frame.b));
  // Where the fit misses the teeth, their low saturation separates them from the lips.
  float tooth = smoothstep(0.5, 0.3, (most - least) / max(most, 0.001)) * smoothstep(0.05, 0.12, most);
  float lips = tone.r * (1.0 - tooth) * amounts.x;
  vec3 albedo = mix(skin.albedo, blushColour, 0.34 * tone.b * amounts.z);
  albedo = mix(albedo, lipColour, 0.72 * lips);
  albedo = min(albedo * vec3(1.0, 1.0, 1.9), mix(albedo, shadowColour, 0.75 * tone.g * amounts.y));
  albedo = min(albedo, mix(albedo, vec3(0.012, 0.009, 0.008), 0.93 * line.r * amounts.y));
  vec3 worn = skin.frame * min(albedo / skin.albedo, vec3(1.4));
  float mirror = pow(max(dot(skin.normal, normalize(vec3(0.1, 0.35, 1.0))), 0.0), 60.0);
  float shine = 0.1 * mirror * line.g * lips + 0.035 * line.b * amounts.z;
  float touched = max(max(tone.r, tone.g), max(tone.b, max(line.r, line.b)));
  return vec4(worn + shine * skin.shading, min(1.0, 8.0 * touched));
}
