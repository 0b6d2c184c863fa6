fn film(skin: Skin) -> vec4f {
  let at = vec2f(1.0 - abs(2.0 * skin.uv.x - 1.0), skin.uv.y);
  let tone = textureSample(colours, coloursSampler, at).rgb;
  let line = textureSample(lines, linesSampler, at).rgb;
  let most = max(skin.frame.r, max(skin.frame.g, skin.frame.b));
  let least = min(skin.frame.r, min(skin.frame.g, skin.frame.b));
  // Where the fit misses the teeth, their low saturation separates them from the lips.
  let tooth = (1.0 - smoothstep(0.3, 0.5, (most - least) / max(most, 0.001))) * smoothstep(0.05, 0.12, most);
  let lips = tone.r * (1.0 - tooth) * uniforms.amounts.x;
  var albedo = mix(skin.albedo, uniforms.blushColour, 0.34 * tone.b * uniforms.amounts.z);
  albedo = mix(albedo, uniforms.lipColour, 0.72 * lips);
  albedo = min(albedo * vec3f(1.0, 1.0, 1.9), mix(albedo, uniforms.shadowColour, 0.75 * tone.g * uniforms.amounts.y));
  albedo = min(albedo, mix(albedo, vec3f(0.012, 0.009, 0.008), 0.93 * line.r * uniforms.amounts.y));
  let worn = skin.frame * min(albedo / skin.albedo, vec3f(1.4));
  let mirror = pow(max(dot(skin.normal, normalize(vec3f(0.1, 0.35, 1.0))), 0.0), 60.0);
  let shine = 0.1 * mirror * line.g * lips + 0.035 * line.b * uniforms.amounts.z;
  let touched = max(max(tone.r, tone.g), max(tone.b, max(line.r, line.b)));
  return vec4f(worn + shine * skin.shading, min(1.0, 8.0 * touched));
}
