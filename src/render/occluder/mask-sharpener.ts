import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { EffectRenderer } from '@babylonjs/core/Materials/effectRenderer';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture';
import type { Crop } from '../../face/types';
import applyGlsl from './mask-apply.fragment.glsl?raw';
import applyWgsl from './mask-apply.fragment.wgsl?raw';
import fitGlsl from './mask-fit.fragment.glsl?raw';
import fitWgsl from './mask-fit.fragment.wgsl?raw';
import gatherGlsl from './mask-gather.fragment.glsl?raw';
import gatherWgsl from './mask-gather.fragment.wgsl?raw';
import { cropMove } from './mask-move';
import { type MaskPart, widened } from './mask-part';
import { MaskPass, MaskTarget } from './mask-pass';
import softenGlsl from './mask-soften.fragment.glsl?raw';
import softenWgsl from './mask-soften.fragment.wgsl?raw';
import steadyGlsl from './mask-steady.fragment.glsl?raw';
import steadyWgsl from './mask-steady.fragment.wgsl?raw';

/** Pixels of the sharpened mask per cell of the network's grid, on which the mask is fitted to the frame's colours. */
const FINER = 8 / 3;
/**
 * Cells around the mask's outlines that are sharpened: each of two fits can move an outline by 2, `apply` and `soften`
 * read 1.5 and 1 cells further; 4 more, so that a previous mask exists around outlines that move or jitter.
 */
export const OUTLINE_MARGIN = 10;
/** Radius of a fit, and of `apply` between two fits, in cells. */
const WINDOW = 6;
const BETWEEN = 2;
const NOWHERE: MaskPart = { left: 1, top: 1, right: 0, bottom: 0 };
/** Maximum weight of the previous mask, where its colours are unchanged. */
const KEPT = 0.85;

/** One face's mask and the frame it belongs to. */
export interface CoarseMask {
  readonly frame: BaseTexture;
  /** Pixels. */
  readonly frameSize: { readonly x: number; readonly y: number };
  /** Red: the network's mask. */
  readonly mask: BaseTexture;
  /** The square that it covers. */
  readonly square: Crop;
  /** The rectangle of the mask's outlines, with OUTLINE_MARGIN. */
  readonly part: MaskPart;
}

/** Whether the device can render to half floats; without them the network's mask is drawn as it is. */
export function canSharpen(engine: AbstractEngine): boolean {
  const { textureHalfFloatRender, textureHalfFloatLinearFiltering } = engine.getCaps();
  return textureHalfFloatRender && textureHalfFloatLinearFiltering;
}

/**
 * Sharpens one face's mask against the frame, once per frame. Around each cell, the mask is fitted as a linear function
 * of colour; twice, so that errors of several cells are corrected. On uniform colours that function is the mask's mean.
 * The previous mask is then blended in where the colours are unchanged, relative to the frame or to the face.
 */
export class MaskSharpener {
  readonly #renderer: EffectRenderer;
  readonly #gather: MaskPass;
  readonly #fit: MaskPass;
  readonly #apply: MaskPass;
  readonly #soften: MaskPass;
  readonly #steady: MaskPass;
  readonly #cells: MaskTarget;
  readonly #fittedCells: MaskTarget;
  readonly #function: MaskTarget;
  readonly #softFunction: MaskTarget;
  #now: MaskTarget;
  #before: MaskTarget;
  #last: Pick<CoarseMask, 'square' | 'part'> | undefined;

  /** `cells`: rows and columns of the network's mask. */
  constructor(
    engine: AbstractEngine,
    readonly cells: number,
  ) {
    this.#renderer = new EffectRenderer(engine);
    const crop = ['frameSize', 'crop'];
    this.#gather = new MaskPass(engine, 'maskGather', {
      glsl: gatherGlsl,
      wgsl: gatherWgsl,
      uniforms: [...crop, 'cells'],
      samplers: ['frameTexture', 'maskTexture'],
    });
    this.#fit = new MaskPass(engine, 'maskFit', {
      glsl: fitGlsl,
      wgsl: fitWgsl,
      uniforms: ['cells'],
      samplers: ['cellTexture'],
    });
    this.#apply = new MaskPass(engine, 'maskApply', {
      glsl: applyGlsl,
      wgsl: applyWgsl,
      uniforms: ['cells'],
      samplers: ['cellTexture', 'fitTexture'],
    });
    this.#soften = new MaskPass(engine, 'maskSoften', {
      glsl: softenGlsl,
      wgsl: softenWgsl,
      uniforms: ['cells'],
      samplers: ['fitTexture'],
    });
    this.#steady = new MaskPass(engine, 'maskSteady', {
      glsl: steadyGlsl,
      wgsl: steadyWgsl,
      uniforms: [...crop, 'toBefore', 'partBefore', 'size', 'kept'],
      samplers: ['frameTexture', 'fitTexture', 'beforeTexture'],
    });
    this.#cells = new MaskTarget(engine, cells, false);
    this.#fittedCells = new MaskTarget(engine, cells, false);
    this.#function = new MaskTarget(engine, cells, true);
    this.#softFunction = new MaskTarget(engine, cells, true);
    this.#now = new MaskTarget(engine, this.#size, false);
    this.#before = new MaskTarget(engine, this.#size, false);
  }

  /** Side of the sharpened mask in pixels. */
  get #size(): number {
    return Math.round(FINER * this.cells);
  }

  get #passes(): readonly MaskPass[] {
    return [this.#gather, this.#fit, this.#apply, this.#soften, this.#steady];
  }

  /** Whether all shaders are compiled. */
  isReady(): boolean {
    return this.#passes.every((pass) => pass.isReady());
  }

  /** The first compilation error; null for none so far. */
  get failure(): string | null {
    const failures = this.#passes.map((pass) => pass.failure);
    return failures.find((failure) => failure !== null) ?? null;
  }

  /**
   * The sharpened mask: alpha on the mask's square, with the frame's colour; only `part` is drawn, the rest keeps its
   * old content. Call it once per frame, when ready.
   */
  sharpenMask(coarse: CoarseMask): BaseTexture {
    const { part } = coarse;
    const byCells = (around: MaskPart, cells: number) => widened(around, cells / this.cells);
    const fitted = byCells(part, WINDOW);
    const first = byCells(fitted, BETWEEN);
    this.#run(this.#gather, this.#cells, byCells(first, WINDOW), coarse, { maskTexture: coarse.mask });
    this.#run(this.#fit, this.#function, first, coarse, { cellTexture: this.#cells.texture });
    this.#run(this.#apply, this.#fittedCells, fitted, coarse, {
      cellTexture: this.#cells.texture,
      fitTexture: this.#function.texture,
    });
    this.#run(this.#fit, this.#function, byCells(part, BETWEEN), coarse, { cellTexture: this.#fittedCells.texture });
    this.#run(this.#soften, this.#softFunction, byCells(part, 1), coarse, {
      fitTexture: this.#function.texture,
    });
    [this.#now, this.#before] = [this.#before, this.#now];
    this.#run(this.#steady, this.#now, part, coarse, {
      fitTexture: this.#softFunction.texture,
      beforeTexture: this.#before.texture,
    });
    this.#last = coarse;
    return this.#now.texture;
  }

  /** The next mask is not blended with the previous one. */
  forget(): void {
    this.#last = undefined;
  }

  #run(
    pass: MaskPass,
    target: MaskTarget,
    part: MaskPart,
    { frame, frameSize, square }: CoarseMask,
    textures: Readonly<Record<string, BaseTexture>>,
  ): void {
    const { centreX, centreY, side, angle } = square;
    const before = this.#last;
    pass.run(this.#renderer, target, part, (effect) => {
      if (pass !== this.#steady) effect.setFloat('cells', this.cells);
      if (pass === this.#gather || pass === this.#steady) {
        effect.setFloat2('frameSize', frameSize.x, frameSize.y);
        effect.setFloat4('crop', centreX, centreY, side * Math.cos(angle), side * Math.sin(angle));
        effect.setTexture('frameTexture', frame);
      }
      if (pass === this.#steady) {
        effect.setFloat('size', this.#size);
        effect.setFloat('kept', before ? KEPT : 0);
        const { left, top, right, bottom } = before?.part ?? NOWHERE;
        effect.setFloat4('toBefore', ...cropMove(square, before?.square ?? square));
        effect.setFloat4('partBefore', left, top, right, bottom);
      }
      for (const [name, texture] of Object.entries(textures)) effect.setTexture(name, texture);
    });
  }

  dispose(): void {
    this.#renderer.dispose();
    for (const pass of this.#passes) pass.dispose();
    for (const target of [this.#cells, this.#fittedCells, this.#function, this.#softFunction, this.#now, this.#before])
      target.dispose();
  }
}
