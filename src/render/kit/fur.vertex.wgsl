attribute position: vec3f; // model millimetres
attribute normal: vec3f;
attribute uv: vec2f;
attribute hair: vec2f; // 0 at the root to 1 at the tip, and the hair's length, mm
uniform world: mat4x4f;
uniform worldViewProjection: mat4x4f;
varying cameraNormal: vec3f;
varying strandDirection: vec3f;
varying skinUv: vec2f;
varying height: f32;

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  let h = vertexInputs.hair.x;
  let normal = vertexInputs.normal;
  let down = vec3f(0.0, -1.0, 0.1);
  let combed = down - normal * dot(normal, down);
  let grown = normal * (h - 0.35 * h * h) * 0.75 + combed * (0.3 * h + 0.7 * h * h);
  let tip = normal * (1.0 - 0.7 * h) * 0.75 + combed * (0.3 + 1.4 * h);
  vertexOutputs.cameraNormal = (uniforms.world * vec4f(normal, 0.0)).xyz;
  vertexOutputs.strandDirection = (uniforms.world * vec4f(tip, 0.0)).xyz;
  vertexOutputs.skinUv = vertexInputs.uv;
  vertexOutputs.height = h;
  vertexOutputs.position = uniforms.worldViewProjection * vec4f(vertexInputs.position + vertexInputs.hair.y * grown, 1.0);
}
