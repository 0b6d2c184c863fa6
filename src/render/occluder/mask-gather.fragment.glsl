precision highp float;
varying vec2 cropUv;
uniform sampler2D frameTexture;
uniform sampler2D maskTexture;
uniform vec2 frameSize;
uniform vec4 crop; // centre, then side times cos and sin of its angle
uniform float cells;

vec3 frameAt(vec2 uv) {
  vec2 t = uv - 0.5;
  vec2 pixel = crop.xy + vec2(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  return texture2D(frameTexture, (pixel + 0.5) / frameSize).rgb;
}

// One cell of the mask with the frame's mean colour there.
void main() {
  vec2 reach = vec2(0.27, -0.27) / cells;
  vec3 colour = 0.25 * (frameAt(cropUv + reach.xx) + frameAt(cropUv + reach.xy) + frameAt(cropUv + reach.yx) + frameAt(cropUv + reach.yy));
  gl_FragColor = vec4(colour, texture2D(maskTexture, cropUv).r);
}
