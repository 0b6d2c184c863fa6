precision highp float;
varying vec2 maskUv;
varying vec2 frameUv;
uniform sampler2D frameTexture;
uniform sampler2D maskTexture; // red: the network's occluder
uniform sampler2D sharpTexture; // alpha: sharpened
uniform vec4 sharpPart; // rectangle where it is valid, or empty: left, top, right, bottom
uniform float sharpens; // 0: the mask as it is
uniform vec4 tint; // colour and its strength
uniform float opacity;

void main() {
  float occluder = texture2D(maskTexture, maskUv).r;
  if (sharpens > 0.5) {
    vec2 inside = step(sharpPart.xy, maskUv) * step(maskUv, sharpPart.zw);
    float mask = inside.x * inside.y > 0.5 ? texture2D(sharpTexture, maskUv).a : smoothstep(0.2, 0.8, occluder);
    occluder = smoothstep(0.15, 0.85, mask);
  }
  vec2 border = smoothstep(vec2(0.0), vec2(0.04), min(maskUv, 1.0 - maskUv));
  float alpha = occluder * border.x * border.y;
  if (alpha < 0.004) discard;
  gl_FragColor = vec4(mix(texture2D(frameTexture, frameUv).rgb, tint.rgb, tint.a), alpha * opacity);
}
