import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import { maskSquare } from '../../face/crop-transform';
import type { Face } from '../../face/types';
import { type Attachment, drawOver } from '../engine/attachment';
import { LAYERS, unitQuad } from '../engine/quad';
import { shaderMaterial } from '../engine/shader-material';
import type { FrameTexture } from '../picture/frame-texture';
import type { Placement } from '../view/placement';
import { type FrontMask, frontMask } from './front-mask';
import { FrontTexture } from './front-texture';
import { coveredPart, type MaskPart, outlinePart, union } from './mask-part';
import { canSharpen, MaskSharpener, OUTLINE_MARGIN } from './mask-sharpener';
import occluderFragmentGlsl from './occluder.fragment.glsl?raw';
import occluderFragmentWgsl from './occluder.fragment.wgsl?raw';
import occluderVertexGlsl from './occluder.vertex.glsl?raw';
import occluderVertexWgsl from './occluder.vertex.wgsl?raw';

export interface OccluderLook {
  /** Draws the occluder's pixels over the 3D content. */
  readonly occlusion: boolean;
  /** Tints the occluder, to show the mask. */
  readonly tinted: boolean;
}

export interface OccluderOptions {
  /** Off: draws the network's mask with bilinear interpolation. Default true. */
  readonly sharpen?: boolean;
  /** Draws only what is in front of this content; without it every occluder in front of anything. */
  readonly over?: Attachment;
  /** Tint: red, green, blue and its strength, 0 to 1. */
  readonly tint?: readonly [number, number, number, number];
}

const TINT = [1, 0.42, 0.35, 0.55] as const;
/** Of 255. A mask that is nowhere above it has no occluder. */
const NOTHING = 40;
const NOWHERE: MaskPart = { left: 1, top: 1, right: 0, bottom: 0 };

/** Draws the frame's own pixels where one face's mask marks what is in front. */
export class OccluderLayer {
  readonly #material: ShaderMaterial;
  readonly #mesh: Mesh;
  readonly #crop = new Vector4();
  readonly #tint = new Vector4();
  readonly #parts = { part: new Vector4(), sharpPart: new Vector4() };
  readonly #over: Attachment | undefined;
  #sharpens: boolean;
  readonly #tinted: readonly [number, number, number, number];
  #sharpener: MaskSharpener | undefined;
  #failure: string | null = null;
  readonly #texture: FrontTexture;
  #front: FrontMask | undefined;
  #frontBytes = new Uint8Array(0);
  #last: { readonly face: Face; readonly frame: number; readonly sharpened: boolean } | undefined;

  constructor(
    private readonly scene: Scene,
    private readonly frame: FrameTexture,
    { sharpen = true, tint = TINT, over }: OccluderOptions = {},
  ) {
    this.#over = over;
    this.#texture = new FrontTexture(scene);
    this.#sharpens = sharpen && canSharpen(scene.getEngine());
    this.#tinted = tint;
    this.#material = shaderMaterial(
      scene,
      'occluder',
      {
        glsl: { vertexSource: occluderVertexGlsl, fragmentSource: occluderFragmentGlsl },
        wgsl: { vertexSource: occluderVertexWgsl, fragmentSource: occluderFragmentWgsl },
      },
      {
        attributes: ['position'],
        uniforms: ['frameToClip', 'frameSize', 'crop', 'part', 'tint', 'opacity', 'sharpPart', 'sharpens'],
        samplers: ['frameTexture', 'maskTexture', 'sharpTexture'],
        blend: true,
        depth: false,
      },
    );
    drawOver(this.#material, over);
    this.#material.setTexture('frameTexture', frame.texture);
    this.#mesh = unitQuad(scene, 'occluder', LAYERS.occluder, this.#material);
    this.#mesh.setEnabled(false);
  }

  /** Call it for each drawing; the mask is sharpened once per frame. */
  showOccluder(face: Face, placement: Placement, look: OccluderLook): void {
    const front = this.#frontOf(face);
    const shown = (look.occlusion || look.tinted) && front.front.some((value) => value > NOTHING);
    this.#mesh.setEnabled(shown);
    if (!shown) {
      this.#forget();
      return;
    }
    this.#takeMask(face, front, placement);
    const { centreX, centreY, side, angle } = maskSquare(face.crop, front);
    const [red, green, blue, amount] = this.#tinted;
    this.#crop.set(centreX, centreY, side * Math.cos(angle), side * Math.sin(angle));
    this.#tint.set(red, green, blue, look.tinted ? amount : 0);
    this.#material.setVector4('frameToClip', placement.frameToClip);
    this.#material.setVector2('frameSize', placement.frameSize);
    this.#material.setVector4('crop', this.#crop);
    this.#material.setVector4('tint', this.#tint);
    this.#material.setFloat('opacity', look.occlusion ? 1 : 0.6);
  }

  hideOccluder(): void {
    this.#mesh.setEnabled(false);
    this.#forget();
  }

  /** The compilation error for which masks are drawn unsharpened; null for none so far. */
  get failure(): string | null {
    return this.#failure;
  }

  /** False while shaders for what was shown last compile. */
  isReady(): boolean {
    return !this.#last || !this.#sharpener || this.#last.sharpened;
  }

  #forget(): void {
    this.#last = undefined;
    this.#sharpener?.forget();
  }

  /** Computed once for each face of a frame. */
  #frontOf(face: Face): FrontMask {
    if (this.#front && this.#last?.face === face) return this.#front;
    const cells = face.mask.occluder.length;
    if (this.#frontBytes.length !== cells) this.#frontBytes = new Uint8Array(cells);
    this.#front = frontMask(face.mask, this.#over, this.#frontBytes);
    return this.#front;
  }

  #takeMask(face: Face, front: FrontMask, { frameSize }: Placement): void {
    const last = this.#last;
    const sameFrame = last?.face === face && last.frame === this.frame.uploads;
    if (sameFrame && this.isReady()) return;
    const mask = (sameFrame && this.#texture.texture) || this.#texture.upload(face.mask, front);
    if (last && last.face.id !== face.id) this.#sharpener?.forget();
    const sharpener = this.#readySharpener(front.width);
    const outlines = sharpener ? outlinePart(front, OUTLINE_MARGIN) : null;
    const coarse = { frame: this.frame.texture, frameSize, mask, square: maskSquare(face.crop, front) };
    const sharp = outlines && sharpener?.sharpenMask({ ...coarse, part: outlines });
    if (!outlines) sharpener?.forget();
    this.#material.setTexture('maskTexture', mask);
    this.#material.setTexture('sharpTexture', sharp ?? mask);
    this.#material.setFloat('sharpens', sharpener ? 1 : 0);
    this.#setPart('sharpPart', outlines ?? NOWHERE);
    const covered = coveredPart(front, sharpener ? NOTHING : 0, 1) ?? NOWHERE;
    this.#setPart('part', outlines ? union(covered, outlines) : covered);
    this.#last = { face, frame: this.frame.uploads, sharpened: sharpener !== undefined };
  }

  /** Undefined while its shaders compile, and after one failed: the mask is then drawn unsharpened. */
  #readySharpener(cells: number): MaskSharpener | undefined {
    if (this.#sharpener?.cells !== cells) {
      this.#sharpener?.dispose();
      this.#sharpener = this.#sharpens ? new MaskSharpener(this.scene.getEngine(), cells) : undefined;
    }
    const failure = this.#sharpener?.failure;
    if (failure) {
      this.#failure = failure;
      this.#sharpens = false;
      this.#sharpener?.dispose();
      this.#sharpener = undefined;
    }
    return this.#sharpener?.isReady() ? this.#sharpener : undefined;
  }

  #setPart(name: 'part' | 'sharpPart', { left, top, right, bottom }: MaskPart): void {
    this.#material.setVector4(name, this.#parts[name].set(left, top, right, bottom));
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
    this.#sharpener?.dispose();
    this.#texture.dispose();
  }
}
