attribute position: vec3f; // a panel's corner, 0..1, y down, or model millimetres
attribute normal: vec3f;
attribute albedo: vec3f; // linear RGB
uniform worldViewProjection: mat4x4f;
uniform world: mat4x4f;
uniform frameToClip: vec4f; // scale, offset
uniform crop: vec4f; // centre, then side times cos and sin of its angle
uniform panelBox: vec4f; // left, top, width, height in clip space
uniform onFace: f32; // 1 the fitted face, 0 the panel itself
varying cropUv: vec2f;
varying cropNormal: vec3f;
varying skinAlbedo: vec3f;
varying panelUv: vec2f;

@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  let crop = uniforms.crop;
  let frameToClip = uniforms.frameToClip;
  var uv = vertexInputs.position.xy;
  var depth = 0.0;
  if (uniforms.onFace > 0.5) {
    let clip = uniforms.worldViewProjection * vec4f(vertexInputs.position, 1.0);
    let away = (clip.xy / clip.w - frameToClip.zw) / frameToClip.xy - crop.xy;
    uv = vec2f(dot(away, crop.zw), dot(away, vec2f(-crop.w, crop.z))) / dot(crop.zw, crop.zw) + 0.5;
    if (frameToClip.x < 0.0) { uv.x = 1.0 - uv.x; }
    depth = clip.z / clip.w;
  }
  let n = (uniforms.world * vec4f(vertexInputs.normal, 0.0)).xyz;
  let turn = normalize(crop.zw);
  vertexOutputs.cropNormal = vec3f(turn.x * n.x - turn.y * n.y, turn.y * n.x + turn.x * n.y, n.z);
  vertexOutputs.skinAlbedo = vertexInputs.albedo;
  vertexOutputs.panelUv = uv;
  vertexOutputs.cropUv = select(uv, vec2f(1.0 - uv.x, uv.y), frameToClip.x < 0.0);
  let box = uniforms.panelBox;
  vertexOutputs.position = vec4f(box.x + box.z * uv.x, box.y - box.w * uv.y, depth, 1.0);
}
