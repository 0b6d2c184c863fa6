precision highp float;
varying vec2 frameUv;
uniform sampler2D frameTexture;

void main() {
  gl_FragColor = vec4(texture2D(frameTexture, frameUv).rgb, 1.0);
}
