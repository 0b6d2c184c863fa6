precision highp float;
varying vec2 maskUv;
varying vec2 frameUv;
uniform sampler2D frameTexture;
uniform sampler2D maskTexture;
uniform float sharpened; // 1: the mask is in alpha and sharpened, 0: in red as the network gave it
uniform vec4 tint; // colour and how much of it
uniform float opacity;

void main() {
  vec4 mask = texture2D(maskTexture, maskUv);
  float occluder = mix(mask.r, smoothstep(0.15, 0.85, mask.a), sharpened);
  vec2 border = smoothstep(vec2(0.0), vec2(0.04), min(maskUv, 1.0 - maskUv));
  float alpha = occluder * border.x * border.y;
  if (alpha < 0.004) discard;
  gl_FragColor = vec4(mix(texture2D(frameTexture, frameUv).rgb, tint.rgb, tint.a), alpha * opacity);
}
