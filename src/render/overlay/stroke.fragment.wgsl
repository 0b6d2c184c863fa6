varying strokeCapsule: vec4f;
varying strokeTone: vec4f;
uniform softness: f32; // half a canvas pixel, in frame pixels

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let capsule = fragmentInputs.strokeCapsule;
  let away = vec2f(capsule.x - clamp(capsule.x, 0.0, capsule.z), capsule.y);
  let outside = length(away) - capsule.w;
  let tone = fragmentInputs.strokeTone;
  fragmentOutputs.color = vec4f(tone.rgb, tone.a * (1.0 - smoothstep(-uniforms.softness, uniforms.softness, outside)));
}
