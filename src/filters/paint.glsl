vec4 film(Skin skin) {
  vec4 layer = texture2D(paint, skin.uv);
  vec3 body = 0.8 * pow(layer.rgb, vec3(2.2)) * skin.shading;
  vec3 toSky = normalize(vec3(0.25, 0.6, 1.0));
  float shine = pow(max(dot(skin.normal, toSky), 0.0), 24.0) * 0.05 * luminance(skin.light);
  return vec4(mix(body, skin.frame, 0.06) + shine, layer.a * 0.94);
}
