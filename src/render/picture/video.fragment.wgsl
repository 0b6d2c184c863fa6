varying frameUv: vec2f;
var frameTextureSampler: sampler;
var frameTexture: texture_2d<f32>;

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  fragmentOutputs.color = vec4f(textureSample(frameTexture, frameTextureSampler, fragmentInputs.frameUv).rgb, 1.0);
}
