varying edgeDistance: vec3f;
varying facing: f32;
varying surfaceCover: f32;
uniform lineColour: vec4f;
uniform fillColour: vec4f;
uniform lineWidth: f32; // half, canvas pixels
uniform opacity: f32;

@fragment
fn main(input: FragmentInputs) -> FragmentOutputs {
  let pixels = fragmentInputs.edgeDistance / max(fwidth(fragmentInputs.edgeDistance), vec3f(1e-6));
  let nearest = min(pixels.x, min(pixels.y, pixels.z));
  let line = 1.0 - smoothstep(uniforms.lineWidth - 0.5, uniforms.lineWidth + 0.5, nearest);
  let lit = 0.35 + 0.65 * clamp(fragmentInputs.facing, 0.0, 1.0);
  let colour = mix(uniforms.fillColour, vec4f(uniforms.lineColour.rgb, uniforms.lineColour.a * lit), line);
  fragmentOutputs.color = vec4f(colour.rgb, colour.a * fragmentInputs.surfaceCover * uniforms.opacity);
}
