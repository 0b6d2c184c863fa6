varying lightNormal: vec3f;
varying surfaceAlbedo: vec3f;
varying surfaceCover: f32;
uniform opacity: f32;

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let n = normalize(fragmentInputs.lightNormal);
  let linear = max(fragmentInputs.surfaceAlbedo * irradiance(n), vec3f(0.0));
  fragmentOutputs.color = vec4f(pow(linear, vec3f(1.0 / 2.2)), fragmentInputs.surfaceCover * uniforms.opacity);
}
