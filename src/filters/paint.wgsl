fn film(skin: Skin) -> vec4f {
  let layer = textureSample(paint, paintSampler, skin.uv);
  let body = 0.8 * pow(layer.rgb, vec3f(2.2)) * skin.shading;
  let toSky = normalize(vec3f(0.25, 0.6, 1.0));
  let shine = pow(max(dot(skin.normal, toSky), 0.0), 24.0) * 0.05 * luminance(skin.light);
  return vec4f(mix(body, skin.frame, 0.06) + shine, layer.a * 0.94);
}
