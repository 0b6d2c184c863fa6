attribute position: vec3f; // model millimetres
attribute normal: vec3f;
attribute corner: vec3f; // barycentric, at least 1 everywhere for an edge that is not drawn
attribute cover: f32;
uniform projection: mat4x4f;
uniform lightRotation: mat4x4f;
varying edgeDistance: vec3f;
varying facing: f32;
varying surfaceCover: f32;

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  vertexOutputs.edgeDistance = vertexInputs.corner;
  vertexOutputs.facing = (uniforms.lightRotation * vec4f(vertexInputs.normal, 0.0)).z;
  vertexOutputs.surfaceCover = vertexInputs.cover;
  vertexOutputs.position = uniforms.projection * vec4f(vertexInputs.position, 1.0);
}
