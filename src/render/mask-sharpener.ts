import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { EffectRenderer } from '@babylonjs/core/Materials/effectRenderer';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture';
import type { Crop } from '../face/types';
import { cropMove } from './mask-move';
import { MaskPass, MaskTarget } from './mask-pass';
import applyGlsl from './shaders/mask-apply.fragment.glsl?raw';
import applyWgsl from './shaders/mask-apply.fragment.wgsl?raw';
import fitGlsl from './shaders/mask-fit.fragment.glsl?raw';
import fitWgsl from './shaders/mask-fit.fragment.wgsl?raw';
import gatherGlsl from './shaders/mask-gather.fragment.glsl?raw';
import gatherWgsl from './shaders/mask-gather.fragment.wgsl?raw';
import steadyGlsl from './shaders/mask-steady.fragment.glsl?raw';
import steadyWgsl from './shaders/mask-steady.fragment.wgsl?raw';

/** The network's grid, on which the mask is fitted to the frame's colours. */
const CELLS = 96;
/** Pixels of the sharpened mask along the crop's side. */
const SIZE = 256;
/** How much of the second fit is believed; the rest is the first one's mask. */
const SECOND = 0.7;
/** Most that is kept of the mask before, where its colours are still there. */
const KEPT = 0.85;

/** One face's mask and the frame it belongs to. */
export interface CoarseMask {
  readonly frame: BaseTexture;
  /** Pixels. */
  readonly frameSize: { readonly x: number; readonly y: number };
  /** Red: the network's occluder on the crop's grid. */
  readonly mask: BaseTexture;
  readonly crop: Crop;
}

/** A device that cannot draw into half floats keeps the network's own mask. */
export function canSharpen(engine: AbstractEngine): boolean {
  const { textureHalfFloatRender, textureHalfFloatLinearFiltering } = engine.getCaps();
  return textureHalfFloatRender && textureHalfFloatLinearFiltering;
}

/**
 * Sharpens one face's mask against the frame, frame after frame. Around each cell the mask is taken as a linear function
 * of colour; twice, so that what the network has wrong by several cells goes where the colours say. On plain colours
 * that function is the mask's own mean. The mask before is then kept where the same colours are still there, be it in
 * the frame or with the face.
 */
export class MaskSharpener {
  readonly #renderer: EffectRenderer;
  readonly #gather: MaskPass;
  readonly #fit: MaskPass;
  readonly #apply: MaskPass;
  readonly #steady: MaskPass;
  readonly #cells: MaskTarget;
  readonly #fittedCells: MaskTarget;
  readonly #function: MaskTarget;
  #now: MaskTarget;
  #before: MaskTarget;
  #lastCrop: Crop | undefined;

  constructor(engine: AbstractEngine) {
    this.#renderer = new EffectRenderer(engine);
    const crop = ['frameSize', 'crop', 'cells'];
    this.#gather = new MaskPass(engine, 'maskGather', {
      glsl: gatherGlsl,
      wgsl: gatherWgsl,
      uniforms: crop,
      samplers: ['frameTexture', 'maskTexture'],
    });
    this.#fit = new MaskPass(engine, 'maskFit', {
      glsl: fitGlsl,
      wgsl: fitWgsl,
      uniforms: ['cells', 'most'],
      samplers: ['cellTexture'],
    });
    this.#apply = new MaskPass(engine, 'maskApply', {
      glsl: applyGlsl,
      wgsl: applyWgsl,
      uniforms: ['cells'],
      samplers: ['cellTexture', 'fitTexture'],
    });
    this.#steady = new MaskPass(engine, 'maskSteady', {
      glsl: steadyGlsl,
      wgsl: steadyWgsl,
      uniforms: [...crop, 'toBefore', 'size', 'kept'],
      samplers: ['frameTexture', 'fitTexture', 'beforeTexture'],
    });
    this.#cells = new MaskTarget(engine, CELLS, false);
    this.#fittedCells = new MaskTarget(engine, CELLS, false);
    this.#function = new MaskTarget(engine, CELLS, true);
    this.#now = new MaskTarget(engine, SIZE, false);
    this.#before = new MaskTarget(engine, SIZE, false);
  }

  /** Whether the shaders are compiled. */
  isReady(): boolean {
    return [this.#gather, this.#fit, this.#apply, this.#steady].every((pass) => pass.isReady());
  }

  /** The sharpened mask: alpha on the crop's own grid, beside the frame's colour. Once for each frame, when ready. */
  step(coarse: CoarseMask): BaseTexture {
    this.#run(this.#gather, this.#cells, coarse, { maskTexture: coarse.mask });
    this.#run(this.#fit, this.#function, coarse, { cellTexture: this.#cells.texture }, 1);
    this.#run(this.#apply, this.#fittedCells, coarse, {
      cellTexture: this.#cells.texture,
      fitTexture: this.#function.texture,
    });
    this.#run(this.#fit, this.#function, coarse, { cellTexture: this.#fittedCells.texture }, SECOND);
    [this.#now, this.#before] = [this.#before, this.#now];
    this.#run(this.#steady, this.#now, coarse, {
      fitTexture: this.#function.texture,
      beforeTexture: this.#before.texture,
    });
    this.#lastCrop = coarse.crop;
    return this.#now.texture;
  }

  /** The next mask starts anew. */
  forget(): void {
    this.#lastCrop = undefined;
  }

  #run(
    pass: MaskPass,
    target: MaskTarget,
    { frame, frameSize, crop }: CoarseMask,
    textures: Readonly<Record<string, BaseTexture>>,
    most = 1,
  ): void {
    const { centreX, centreY, side, angle } = crop;
    const before = this.#lastCrop;
    pass.run(this.#renderer, target, (effect) => {
      effect.setFloat('cells', CELLS);
      if (pass === this.#gather || pass === this.#steady) {
        effect.setFloat2('frameSize', frameSize.x, frameSize.y);
        effect.setFloat4('crop', centreX, centreY, side * Math.cos(angle), side * Math.sin(angle));
        effect.setTexture('frameTexture', frame);
      }
      if (pass === this.#fit) effect.setFloat('most', most);
      if (pass === this.#steady) {
        effect.setFloat('size', SIZE);
        effect.setFloat('kept', before ? KEPT : 0);
        effect.setFloat4('toBefore', ...cropMove(crop, before ?? crop));
      }
      for (const [name, texture] of Object.entries(textures)) effect.setTexture(name, texture);
    });
  }

  dispose(): void {
    this.#renderer.dispose();
    for (const pass of [this.#gather, this.#fit, this.#apply, this.#steady]) pass.dispose();
    for (const target of [this.#cells, this.#fittedCells, this.#function, this.#now, this.#before]) target.dispose();
  }
}
