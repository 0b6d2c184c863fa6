attribute position: vec3f; // model millimetres
attribute normal: vec3f;
attribute uv: vec2f;
attribute albedo: vec3f; // linear RGB
attribute cover: f32; // 1 on the face, 0 on eyes and in the mouth
uniform world: mat4x4f;
uniform worldViewProjection: mat4x4f;
varying clip: vec4f;
varying cameraNormal: vec3f;
varying cameraPosition: vec3f;
varying skinUv: vec2f;
varying skinAlbedo: vec3f;
varying skinCover: f32;

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  let place = uniforms.worldViewProjection * vec4f(vertexInputs.position, 1.0);
  vertexOutputs.clip = place;
  vertexOutputs.cameraNormal = (uniforms.world * vec4f(vertexInputs.normal, 0.0)).xyz;
  vertexOutputs.cameraPosition = (uniforms.world * vec4f(vertexInputs.position, 1.0)).xyz;
  vertexOutputs.skinUv = vertexInputs.uv;
  vertexOutputs.skinAlbedo = vertexInputs.albedo;
  vertexOutputs.skinCover = vertexInputs.cover;
  vertexOutputs.position = place;
}
