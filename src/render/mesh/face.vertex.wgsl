attribute position: vec3f; // model millimetres
attribute normal: vec3f;
attribute albedo: vec3f; // linear RGB
attribute cover: f32; // 1 on the face, fading to 0 towards the head
uniform projection: mat4x4f;
uniform lightRotation: mat4x4f;
varying lightNormal: vec3f;
varying surfaceAlbedo: vec3f;
varying surfaceCover: f32;

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  vertexOutputs.lightNormal = (uniforms.lightRotation * vec4f(vertexInputs.normal, 0.0)).xyz;
  vertexOutputs.surfaceAlbedo = vertexInputs.albedo;
  vertexOutputs.surfaceCover = vertexInputs.cover;
  vertexOutputs.position = uniforms.projection * vec4f(vertexInputs.position, 1.0);
}
