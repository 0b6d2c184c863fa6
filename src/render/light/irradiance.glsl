precision highp float;
uniform vec4 light[9]; // per basis function: red, green, blue

// Nine spherical harmonics in the order 1 y z x xy yz 3zz-1 xz xx-yy, times the light.
vec3 irradiance(vec3 n) {
  return 0.282095 * light[0].rgb
    + 0.488603 * (n.y * light[1].rgb + n.z * light[2].rgb + n.x * light[3].rgb)
    + 1.092548 * (n.x * n.y * light[4].rgb + n.y * n.z * light[5].rgb + n.x * n.z * light[7].rgb)
    + 0.315392 * (3.0 * n.z * n.z - 1.0) * light[6].rgb
    + 0.546274 * (n.x * n.x - n.y * n.y) * light[8].rgb;
}

