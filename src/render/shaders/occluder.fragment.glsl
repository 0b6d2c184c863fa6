precision highp float;
varying vec2 maskUv;
varying vec2 frameUv;
uniform sampler2D frameTexture;
uniform sampler2D maskTexture;
uniform vec2 maskSize;
uniform vec2 frameSize;
uniform vec4 crop;
uniform vec4 tint; // colour and how much of it
uniform float opacity;

const float SIGMA_CELLS = 1.3;
const float SIGMA_COLOUR = 0.09;

// Where a step of one mask cell goes in the frame's texture.
vec2 frameStep(vec2 cells) {
  vec2 t = cells / maskSize;
  return vec2(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y) / frameSize;
}

// The mask sharpened against the picture: cells of the pixel's own colour count most (joint bilateral filter).
float refined(vec3 colour) {
  vec2 cell = maskUv * maskSize - 0.5;
  vec2 base = floor(cell + 0.5);
  float sum = 0.0;
  float weights = 1e-5;
  for (int y = -2; y <= 2; y++) {
    for (int x = -2; x <= 2; x++) {
      vec2 away = base + vec2(float(x), float(y)) - cell;
      vec3 other = texture2D(frameTexture, frameUv + frameStep(away)).rgb - colour;
      float weight = exp(-dot(away, away) / (2.0 * SIGMA_CELLS * SIGMA_CELLS))
        * (exp(-dot(other, other) / (2.0 * SIGMA_COLOUR * SIGMA_COLOUR)) + 0.02);
      sum += weight * texture2D(maskTexture, (cell + away + 0.5) / maskSize).r;
      weights += weight;
    }
  }
  return sum / weights;
}

void main() {
  vec3 colour = texture2D(frameTexture, frameUv).rgb;
  vec2 reach = 2.0 / maskSize;
  float here = texture2D(maskTexture, maskUv).r;
  float a = texture2D(maskTexture, maskUv + vec2(reach.x, 0.0)).r;
  float b = texture2D(maskTexture, maskUv - vec2(reach.x, 0.0)).r;
  float c = texture2D(maskTexture, maskUv + vec2(0.0, reach.y)).r;
  float d = texture2D(maskTexture, maskUv - vec2(0.0, reach.y)).r;
  float low = min(here, min(min(a, b), min(c, d)));
  float high = max(here, max(max(a, b), max(c, d)));
  if (high < 0.08) discard;
  float occluder = low > 0.92 ? 1.0 : refined(colour);
  vec2 border = smoothstep(vec2(0.0), vec2(0.04), min(maskUv, 1.0 - maskUv));
  float alpha = smoothstep(0.3, 0.7, occluder) * border.x * border.y;
  gl_FragColor = vec4(mix(colour, tint.rgb, tint.a), alpha * opacity);
}
