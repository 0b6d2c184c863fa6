attribute position: vec3f; // corner of the frame, 0..1
uniform frameToClip: vec4f; // scale, offset
uniform frameSize: vec2f;
varying frameUv: vec2f;

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  vertexOutputs.frameUv = vertexInputs.position.xy;
  let pixel = vertexInputs.position.xy * uniforms.frameSize - 0.5;
  vertexOutputs.position = vec4f(pixel * uniforms.frameToClip.xy + uniforms.frameToClip.zw, 0.0, 1.0);
}
