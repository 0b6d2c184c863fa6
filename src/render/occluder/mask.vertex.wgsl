attribute position: vec2f; // corner of clip space
varying cropUv: vec2f; // 0..1 over the crop, first row of the mask at 0

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  vertexOutputs.cropUv = vertexInputs.position * 0.5 + 0.5;
  vertexOutputs.position = vec4f(vertexInputs.position, 0.0, 1.0);
}
