import {
  CreateSphere,
  defineFilter,
  mirrored,
  mirroredOutline,
  propMaterial,
  SkinShell,
  smoothOutline,
  uvPoints,
} from '../render/filter-api';

/** UV rectangle of the textures; the same in tools/filter-assets/mask.mjs. */
const BOX = { left: 0.14, right: 0.86, bottom: 0.49, top: 0.93 };
const EDGE = uvPoints(
  '0 .806, .05 .846, .12 .876, .21 .892, .29 .882, .348 .85, .336 .76, .314 .68, .275 .615, .205 .575, .125 .572, .07 .592, .04 .575, 0 .553',
);
const HOLE = uvPoints('.052 .67, .08 .706, .12 .72, .16 .711, .19 .685, .152 .656, .108 .645, .074 .652');

/** A rigid half mask of lacquer and gold in the shape of the resting face, which moves under it. */
export const halfMask = defineFilter({
  name: 'half-mask',
  title: 'Venetian mask',
  assets: { colour: 'filters/mask-colour.png', surface: 'filters/mask-surface.png' },
  setup(context) {
    const { scene, assets } = context;
    const lacquer = propMaterial(scene, 'lacquer', { metallic: 1, texture: assets.colour, surface: assets.surface });
    const gold = propMaterial(scene, 'gold', { colour: [1, 0.62, 0.14], metallic: 1, roughness: 0.28 });
    const shell = new SkinShell(context, {
      box: BOX,
      columns: 120,
      rows: 74,
      smoothing: 14,
      lift: 3.5,
      outline: mirroredOutline(EDGE, 8),
      holes: [smoothOutline(HOLE, 8), smoothOutline(mirrored(HOLE), 8)],
      material: lacquer,
      trim: { material: gold, radius: 1.7, holeRadius: 1.25 },
    });
    const gem = CreateSphere('gem', { diameterX: 9, diameterY: 13, diameterZ: 7, segments: 12 }, scene);
    gem.material = propMaterial(scene, 'emerald', { colour: [0.02, 0.22, 0.12], metallic: 0.2, roughness: 0.05 });
    shell.fix(gem, [0.5, 0.776], 1);
    return shell;
  },
  frame: (shell, face) => shell.show(face),
});
