attribute position: vec3f; // corner of the part, 0..1
uniform frameToClip: vec4f; // scale, offset
uniform frameSize: vec2f;
uniform crop: vec4f; // the mask's square: centre, then side times cos and sin of its angle
uniform part: vec4f; // of the square that is drawn: left, top, right, bottom
varying maskUv: vec2f;
varying frameUv: vec2f;

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  let maskUv = mix(uniforms.part.xy, uniforms.part.zw, vertexInputs.position.xy);
  vertexOutputs.maskUv = maskUv;
  let t = maskUv - 0.5;
  let crop = uniforms.crop;
  let pixel = crop.xy + vec2f(crop.z * t.x - crop.w * t.y, crop.w * t.x + crop.z * t.y);
  vertexOutputs.frameUv = (pixel + 0.5) / uniforms.frameSize;
  vertexOutputs.position = vec4f(pixel * uniforms.frameToClip.xy + uniforms.frameToClip.zw, 0.0, 1.0);
}
