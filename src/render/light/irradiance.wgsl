uniform light: array<vec4f, 9>; // per basis function: red, green, blue

// Nine spherical harmonics in the order 1 y z x xy yz 3zz-1 xz xx-yy, times the light.
fn irradiance(n: vec3f) -> vec3f {
  return 0.282095 * uniforms.light[0].rgb
    + 0.488603 * (n.y * uniforms.light[1].rgb + n.z * uniforms.light[2].rgb + n.x * uniforms.light[3].rgb)
    + 1.092548 * (n.x * n.y * uniforms.light[4].rgb + n.y * n.z * uniforms.light[5].rgb + n.x * n.z * uniforms.light[7].rgb)
    + 0.315392 * (3.0 * n.z * n.z - 1.0) * uniforms.light[6].rgb
    + 0.546274 * (n.x * n.x - n.y * n.y) * uniforms.light[8].rgb;
}

