precision highp float;
varying vec2 cropUv;
uniform sampler2D frameTexture;
uniform sampler2D fitTexture; // slope, value at middle grey
uniform sampler2D beforeTexture; // colour and mask of the previous frame, on its own crop
uniform vec2 frameSize;
uniform vec4 crop; // centre, then side times cos and sin of its angle
uniform vec4 toBefore; // from this crop to the previous one, fixed in the frame: a, b, then the shift
uniform vec4 partBefore; // rectangle of the previous mask, on its own crop: left, top, right, bottom
uniform float size; // of the result
uniform float kept; // maximum weight of the previous mask

const float EMPTY = 0.2; // mask value below which there is no occluder
const float FULL = 0.8;
const float SIGMA_COLOUR = 0.038; // for middle grey and brighter colours, darker ones have less contrast
const float DARKEST = 0.35;

vec3 frameAt(vec2 t) {
  vec2 pixel = crop.xy + vec2(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  return texture2D(frameTexture, (pixel + 0.5) / frameSize).rgb;
}

// Mean colour over a pixel of the result, or over the frame's pixel where that is larger.
vec3 colourAt(vec2 t) {
  float reach = 0.3 * max(1.0 / size, 1.0 / length(crop.zw));
  return 0.25 * (frameAt(t + vec2(reach, reach)) + frameAt(t + vec2(-reach, reach))
    + frameAt(t + vec2(reach, -reach)) + frameAt(t - vec2(reach, reach)));
}

// The previous mask at a position, and the difference of the colours around it.
vec2 before(vec2 uv, vec3 here, vec3 left, vec3 right, vec3 up, vec3 down, vec2 reach) {
  vec4 same = texture2D(beforeTexture, uv);
  vec2 inside = step(partBefore.xy, uv) * step(uv, partBefore.zw);
  float off = length(same.rgb - here)
    + length(texture2D(beforeTexture, uv - vec2(reach.x, 0.0)).rgb - left)
    + length(texture2D(beforeTexture, uv + vec2(reach.x, 0.0)).rgb - right)
    + length(texture2D(beforeTexture, uv - vec2(0.0, reach.y)).rgb - up)
    + length(texture2D(beforeTexture, uv + vec2(0.0, reach.y)).rgb - down);
  return vec2(same.a, off / 5.0 + 1.0 - inside.x * inside.y);
}

void main() {
  vec2 t = cropUv - 0.5;
  vec4 fit = texture2D(fitTexture, cropUv);
  if (fit.rgb == vec3(0.0) && (fit.a <= EMPTY || fit.a >= FULL)) {
    gl_FragColor = vec4(frameAt(t), step(FULL, fit.a));
    return;
  }
  vec3 colour = colourAt(t);
  float mask = smoothstep(EMPTY, FULL, dot(fit.rgb, colour - 0.5) + fit.a);
  vec2 reach = vec2(2.0 / size);
  vec3 left = frameAt(t - vec2(reach.x, 0.0));
  vec3 right = frameAt(t + vec2(reach.x, 0.0));
  vec3 up = frameAt(t - vec2(0.0, reach.y));
  vec3 down = frameAt(t + vec2(0.0, reach.y));
  vec2 stayed = 0.5 + toBefore.zw + vec2(toBefore.x * t.x - toBefore.y * t.y, toBefore.y * t.x + toBefore.x * t.y);
  vec2 inFrame = before(stayed, colour, left, right, up, down, reach);
  vec2 withFace = before(cropUv, colour, left, right, up, down, reach);
  vec2 old = inFrame.y <= withFace.y ? inFrame : withFace;
  float sigma = SIGMA_COLOUR * clamp(2.0 * dot(colour, vec3(1.0 / 3.0)), DARKEST, 1.0);
  float trust = kept * exp(-old.y * old.y / (2.0 * sigma * sigma));
  gl_FragColor = vec4(colour, mix(mask, old.x, trust));
}
