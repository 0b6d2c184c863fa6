import type { IPipelineContext } from '@babylonjs/core/Engines/IPipelineContext';
import type { _IShaderProcessingContext } from '@babylonjs/core/Engines/Processors/shaderProcessingOptions';
import { WebGPUPipelineContext } from '@babylonjs/core/Engines/WebGPU/webgpuPipelineContext';
import type { WebGPUShaderProcessingContext } from '@babylonjs/core/Engines/WebGPU/webgpuShaderProcessingContext';
import { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine';

/** Babylon draws with this one without asking whether it is ready. */
const UNASKED = 'clearQuad';

type Prepare = WebGPUEngine['_preparePipelineContextAsync'];

/**
 * Babylon's WebGPU engine, whose effects wait for what the device says of their shaders and fail with it, as WebGL's do:
 * `effect.getCompilationError()`. Babylon itself takes every shader for good and draws with it, and a broken one spoils
 * the whole frame: WebGPU throws away all commands recorded together with a wrong one.
 */
export class CheckedWebGPUEngine extends WebGPUEngine {
  override createPipelineContext(shaders: _IShaderProcessingContext | null): IPipelineContext {
    return new CheckedPipelineContext(shaders as WebGPUShaderProcessingContext, this);
  }

  override _preparePipelineContextAsync(...given: Parameters<Prepare>): Promise<void> {
    const [pipeline, , , , , , , defines] = given;
    if (pipeline instanceof CheckedPipelineContext) pipeline.linesBefore = defines ? defines.split('\n').length : 0;
    // What is wrong with the shaders is told by `check`, with its place; nobody else is to hear of it.
    this._device.pushErrorScope('validation');
    const prepared = super._preparePipelineContextAsync(...given);
    this._device.popErrorScope().catch(() => undefined);
    return prepared;
  }

  override _executeWhenRenderingStateIsCompiled(pipeline: IPipelineContext, action: () => void): void {
    if (!(pipeline instanceof CheckedPipelineContext) || pipeline._name.startsWith(UNASKED)) action();
    else void pipeline.check(action);
  }
}

/** Shaders of one effect. It is asynchronous for Babylon, which then asks from time to time whether it is ready. */
class CheckedPipelineContext extends WebGPUPipelineContext {
  /** Babylon writes the defines, a line each, before the sources. */
  linesBefore = 0;
  #state: 'unknown' | 'good' | Error = 'unknown';

  override get isAsync(): boolean {
    return true;
  }

  /** Throws what is wrong: Babylon makes it the effect's error. */
  override get isReady(): boolean {
    if (this.#state instanceof Error) throw this.#state;
    return this.#state === 'good' && super.isReady;
  }

  /** Calls back when the device has taken the shaders. */
  async check(action: () => void): Promise<void> {
    try {
      const { vertexStage, fragmentStage } = this.stages ?? {};
      const complaints = await Promise.all([
        this.#complaint('VERTEX', vertexStage?.module, this.sources.vertex),
        this.#complaint('FRAGMENT', fragmentStage?.module, this.sources.fragment),
      ]);
      const found = complaints.find((text) => text !== null);
      if (found) throw new Error(found);
      if (this.engine.isDisposed) return;
      this.#state = 'good';
      action();
    } catch (error) {
      this.#state = error instanceof Error ? error : new Error(String(error));
    }
  }
  /** The first error of a shader as Babylon knows it from WebGL, with the line it is in; null for none. */
  async #complaint(kind: string, module: GPUShaderModule | undefined, source: string): Promise<string | null> {
    const { messages } = (await module?.getCompilationInfo()) ?? { messages: [] };
    const error = messages.find(({ type }) => type === 'error');
    if (!error) return null;
    const row = error.lineNum - this.linesBefore;
    const line = source.split('\n')[row - 1]?.trim();
    const [message] = error.message.split('\n');
    return `${kind} SHADER ERROR: 0:${row}: ${message}${line ? ` in “${line}”` : ''}`;
  }
}
