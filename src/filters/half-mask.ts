import {
  Color3,
  CreateSphere,
  CreateTube,
  defineFilter,
  Fade,
  isInside,
  Mesh,
  mirrored,
  mirroredOutline,
  PBRMaterial,
  type Scene,
  SkinSheet,
  smoothOutline,
  type Texture,
  uvPoints,
  Vector3,
  VertexData,
} from '../render/filter-api';

/** Where the textures lie, as tools/filter-assets/mask.mjs has it. */
const BOX = { left: 0.14, right: 0.86, bottom: 0.49, top: 0.93 };
const EDGE = uvPoints(
  '0 .806, .05 .846, .12 .876, .21 .892, .29 .882, .348 .85, .336 .76, .314 .68, .275 .615, .205 .575, .125 .572, .07 .592, .04 .575, 0 .553',
);
const HOLE = uvPoints('.052 .67, .08 .706, .12 .72, .16 .711, .19 .685, .152 .656, .108 .645, .074 .652');
const OUTLINE = mirroredOutline(EDGE, 8);
const EYES = [smoothOutline(HOLE, 8), smoothOutline(mirrored(HOLE), 8)];
const GEM = [0.5, 0.776] as const;

/** A half mask of lacquer and gold. It is stiff: it has the shape of the resting face, and the face moves under it. */
export const halfMask = defineFilter({
  name: 'half-mask',
  title: 'Venetian mask',
  assets: { colour: 'filters/mask-colour.png', surface: 'filters/mask-surface.png' },
  setup({ scene, root, model, assets }) {
    const covers = (u: number, v: number) => isInside(OUTLINE, u, v) && !EYES.some((eye) => isInside(eye, u, v));
    const sheet = new SkinSheet(model, { box: BOX, columns: 120, rows: 74, smoothing: 14, lift: 3.5 }, covers);
    const gold = material(scene, new Color3(1, 0.62, 0.14), 1, 0.28);
    const body = new Mesh('mask', scene);
    body.material = lacquer(scene, assets);
    const gem = CreateSphere('gem', { diameterX: 9, diameterY: 13, diameterZ: 7, segments: 12 }, scene);
    gem.material = material(scene, new Color3(0.02, 0.22, 0.12), 0.2, 0.05);
    for (const mesh of [body, gem]) mesh.parent = root;
    return { sheet, body, gem, gold, trims: [] as Mesh[], fade: new Fade() };
  },
  frame({ sheet, body, gem, gold, trims, fade }, face, { scene, root }) {
    const amount = fade.step(face);
    for (const mesh of [body, gem, ...trims]) mesh.visibility = amount;
    if (!sheet.shape(face.identity)) return;
    const data = new VertexData();
    Object.assign(data, {
      positions: sheet.positions,
      normals: sheet.normals,
      indices: sheet.triangles,
      uvs: sheet.boxUvs,
    });
    data.applyToMesh(body, true);
    gem.position.set(...sheet.at(...GEM, 1));
    for (const trim of trims.splice(0)) trim.dispose();
    for (const outline of [OUTLINE, ...EYES]) {
      const path = [...outline, ...outline.slice(0, 2)].map(([u, v]) => new Vector3(...sheet.at(u, v, 0.3)));
      const trim = CreateTube('trim', { path, radius: outline === OUTLINE ? 1.7 : 1.25, tessellation: 10 }, scene);
      trim.material = gold;
      trim.parent = root;
      trims.push(trim);
    }
  },
});

function material(scene: Scene, colour: Color3, metallic: number, roughness: number): PBRMaterial {
  const made = new PBRMaterial('mask', scene);
  Object.assign(made, { albedoColor: colour, metallic, roughness, backFaceCulling: false, twoSidedLighting: true });
  return made;
}

function lacquer(scene: Scene, { colour, surface }: { colour: Texture; surface: Texture }): PBRMaterial {
  const made = material(scene, new Color3(1, 1, 1), 1, 1);
  made.albedoTexture = colour;
  made.metallicTexture = surface;
  made.useRoughnessFromMetallicTextureGreen = true;
  made.useRoughnessFromMetallicTextureAlpha = false;
  made.useMetallnessFromMetallicTextureBlue = true;
  return made;
}
