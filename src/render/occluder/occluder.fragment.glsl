precision highp float;
varying vec2 maskUv;
varying vec2 frameUv;
uniform sampler2D frameTexture;
uniform sampler2D maskTexture; // red: what is in front, green: the occluder, which is tinted
uniform sampler2D sharpTexture; // alpha: sharpened
uniform vec4 sharpPart; // rectangle where it is valid, or empty: left, top, right, bottom
uniform float sharpens; // 0: the mask as it is
uniform vec4 tint; // colour and its strength
uniform float opacity;

void main() {
  vec2 cell = texture2D(maskTexture, maskUv).rg;
  float front = cell.r;
  if (sharpens > 0.5) {
    vec2 inside = step(sharpPart.xy, maskUv) * step(maskUv, sharpPart.zw);
    float mask = inside.x * inside.y > 0.5 ? texture2D(sharpTexture, maskUv).a : smoothstep(0.2, 0.8, front);
    front = smoothstep(0.15, 0.85, mask);
  }
  vec2 border = smoothstep(vec2(0.0), vec2(0.04), min(maskUv, 1.0 - maskUv));
  float alpha = front * border.x * border.y;
  if (alpha < 0.004) discard;
  float tinted = tint.a * min(1.0, cell.g / max(cell.r, 0.004));
  gl_FragColor = vec4(mix(texture2D(frameTexture, frameUv).rgb, tint.rgb, tinted), alpha * opacity);
}
