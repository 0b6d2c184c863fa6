import type { IPipelineContext } from '@babylonjs/core/Engines/IPipelineContext';
import type { _IShaderProcessingContext } from '@babylonjs/core/Engines/Processors/shaderProcessingOptions';
import { WebGPUPipelineContext } from '@babylonjs/core/Engines/WebGPU/webgpuPipelineContext';
import type { WebGPUShaderProcessingContext } from '@babylonjs/core/Engines/WebGPU/webgpuShaderProcessingContext';
import { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine';

/** Babylon draws with this shader without checking whether it is ready. */
const UNASKED = 'clearQuad';

type Prepare = WebGPUEngine['_preparePipelineContextAsync'];

/**
 * Babylon.js's WebGPU engine with checked shaders: an effect is ready when the device has compiled its shaders, and
 * fails with `effect.getCompilationError()` as on WebGL. Babylon.js itself draws without this check, and an invalid
 * shader spoils the whole frame: WebGPU drops all commands that are recorded together with an invalid one.
 */
export class CheckedWebGPUEngine extends WebGPUEngine {
  override createPipelineContext(shaders: _IShaderProcessingContext | null): IPipelineContext {
    return new CheckedPipelineContext(shaders as WebGPUShaderProcessingContext, this);
  }

  override _preparePipelineContextAsync(...given: Parameters<Prepare>): Promise<void> {
    const [pipeline, , , , , , , defines] = given;
    if (pipeline instanceof CheckedPipelineContext) pipeline.linesBefore = defines ? defines.split('\n').length : 0;
    // `check` reports shader errors with their position; here they are swallowed.
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

/** Shaders of one effect. Babylon treats it as asynchronous and polls `isReady`. */
class CheckedPipelineContext extends WebGPUPipelineContext {
  /** Lines of defines that Babylon.js inserts before the sources. */
  linesBefore = 0;
  #state: 'unknown' | 'good' | Error = 'unknown';

  override get isAsync(): boolean {
    return true;
  }

  /** Throws the compilation error: Babylon.js makes it the error of the effect. */
  override get isReady(): boolean {
    if (this.#state instanceof Error) throw this.#state;
    return this.#state === 'good' && super.isReady;
  }

  /** Calls back when the device has compiled the shaders. */
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
  /** The first compilation error in WebGL's format, with its source line; null for none. */
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
