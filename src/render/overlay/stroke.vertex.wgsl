attribute position: vec3f; // frame pixels
attribute capsule: vec4f; // along, across, length, radius, frame pixels
attribute tone: vec4f; // colour and opacity
uniform frameToClip: vec4f; // scale, offset
varying strokeCapsule: vec4f;
varying strokeTone: vec4f;

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  vertexOutputs.strokeCapsule = vertexInputs.capsule;
  vertexOutputs.strokeTone = vertexInputs.tone;
  vertexOutputs.position = vec4f(vertexInputs.position.xy * uniforms.frameToClip.xy + uniforms.frameToClip.zw, 0.0, 1.0);
}
