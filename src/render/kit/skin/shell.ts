import type { Material } from '@babylonjs/core/Materials/material';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { CreateTube } from '@babylonjs/core/Meshes/Builders/tubeBuilder';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData';
import { attachToSkin } from '../../engine/attachment';
import type { FilterContext, FilterFace } from '../../filter/definition';
import { Fade } from '../fade';
import { type SheetOptions, SkinSheet } from './sheet';
import { isInside, type Uv } from './uv-outline';

export interface SkinShellOptions extends SheetOptions {
  /** Outline and holes: closed curves in the model's UVs. */
  readonly outline: readonly Uv[];
  readonly holes: readonly (readonly Uv[])[];
  /** Its textures cover `box`. */
  readonly material: Material;
  /** Round bars along the edge and around the holes; radii in mm. */
  readonly trim?: { readonly material: Material; readonly radius: number; readonly holeRadius: number };
}

type ShellContext = Pick<FilterContext, 'scene' | 'root' | 'model'>;

/** Height of a trim's centre line above the shell, mm. */
const TRIM_LIFT = 0.3;

/** A rigid shell in a given outline over a person's resting face, which moves under it. Fades out while the face is held. */
export class SkinShell {
  readonly #sheet: SkinSheet;
  readonly #body: Mesh;
  readonly #trims: Mesh[] = [];
  readonly #fixed: { readonly mesh: Mesh; readonly uv: Uv; readonly lift: number }[] = [];
  readonly #fade = new Fade();

  constructor(
    private readonly context: ShellContext,
    private readonly options: SkinShellOptions,
  ) {
    const { outline, holes, material } = options;
    const covers = (u: number, v: number) => isInside(outline, u, v) && !holes.some((hole) => isInside(hole, u, v));
    this.#sheet = new SkinSheet(context.model, options, covers);
    this.#body = new Mesh('shell', context.scene);
    this.#body.material = material;
    this.#body.parent = context.root;
    attachToSkin(this.#body);
  }

  /** Fixes a mesh to a point of the shell, `lift` mm above it. */
  fix(mesh: Mesh, uv: Uv, lift: number): void {
    mesh.parent = this.context.root;
    attachToSkin(mesh);
    this.#fixed.push({ mesh, uv, lift });
  }

  /** Call it once per frame. */
  show(face: Pick<FilterFace, 'identity' | 'id' | 'state' | 'time'>): void {
    if (this.#sheet.shape(face.identity)) this.#shape();
    const amount = this.#fade.step(face);
    for (const mesh of [this.#body, ...this.#trims, ...this.#fixed.map((fixed) => fixed.mesh)])
      mesh.visibility = amount;
  }

  #shape(): void {
    const { positions, normals, triangles, boxUvs } = this.#sheet;
    const data = new VertexData();
    Object.assign(data, { positions, normals, indices: triangles, uvs: boxUvs });
    data.applyToMesh(this.#body, true);
    for (const { mesh, uv, lift } of this.#fixed) mesh.position.set(...this.#sheet.at(...uv, lift));
    for (const trim of this.#trims.splice(0)) trim.dispose();
    const { trim, outline, holes } = this.options;
    if (!trim) return;
    this.#trim(outline, trim.radius, trim.material);
    for (const hole of holes) this.#trim(hole, trim.holeRadius, trim.material);
  }

  /** Repeats the first two points, so that the bar's ends meet. */
  #trim(outline: readonly Uv[], radius: number, material: Material): void {
    const path = [...outline, ...outline.slice(0, 2)].map((uv) => new Vector3(...this.#sheet.at(...uv, TRIM_LIFT)));
    const bar = CreateTube('trim', { path, radius, tessellation: 10 }, this.context.scene);
    bar.material = material;
    bar.parent = this.context.root;
    attachToSkin(bar);
    this.#trims.push(bar);
  }
}
