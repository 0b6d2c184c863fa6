import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../face/face-model';
import type { Face, Seconds, TrackedFrame } from '../face/types';
import { AvatarHost, type StudioHead } from './avatar/host';
import { studioBelow, studioPlace } from './avatar/studio';
import { unionContent } from './engine/attachment';
import { LAYERS } from './engine/quad';
import { isSettled } from './engine/shader-material';
import { FaceLayers } from './face-layers';
import { type FilterEvents, FilterHost } from './filter/host';
import { FaceShape } from './mesh/face-shape';
import { OverlayLayer } from './overlay/overlay-layer';
import { BackgroundLayer } from './picture/background-layer';
import { FrameTexture } from './picture/frame-texture';
import { VideoLayer } from './picture/video-layer';
import { blursBackground, type StageOptions } from './stage-options';
import { backgroundColour, layerScene } from './stage-scenes';
import { createPlacement, depthRangeOf, type Placement } from './view/placement';
import { fitFrame, placeFrame, type Size } from './view/view';

/** A frame as the layers draw it; its picture is on the GPU already. */
export interface DrawnFrame {
  readonly size: Size;
  readonly time: Seconds;
  readonly faces: readonly Face[];
}

/** What draws one face. */
interface FaceSlot {
  readonly layers: FaceLayers;
  readonly shape: FaceShape;
}

export interface FrameRendererDependencies {
  readonly engine: AbstractEngine;
  readonly canvas: HTMLCanvasElement;
  readonly events: FilterEvents;
  /** Something that is drawn has changed outside of a call. */
  requestDraw(): void;
}

/** All layers of a stage, and the order in which they are placed and drawn. */
export class FrameRenderer {
  readonly filters: FilterHost;
  readonly avatars: AvatarHost;
  readonly background: BackgroundLayer;
  readonly frame: FrameTexture;
  readonly #engine: AbstractEngine;
  /** Video, background and face surfaces. */
  readonly #scene: Scene;
  /** Drawn last: the occluders' pixels and the overlays. */
  readonly #over: Scene;
  readonly #video: VideoLayer;
  readonly #overlays: OverlayLayer;
  #surrounds = false;
  #model: FaceModel | undefined;
  /** One per face, the largest face first; as many as the most faces so far. */
  #slots: FaceSlot[] = [];

  constructor({ engine, canvas, events, requestDraw }: FrameRendererDependencies) {
    this.#engine = engine;
    this.#scene = layerScene(engine);
    this.#over = layerScene(engine);
    this.#over.autoClear = false;
    this.#over.autoClearDepthAndStencil = false;
    // The stencil buffer says what content the occluders are in front of.
    this.#over.setRenderingAutoClearDepthStencil(LAYERS.occluder, true, true, false);
    this.frame = new FrameTexture(this.#scene);
    this.#video = new VideoLayer(this.#scene, this.frame);
    this.#overlays = new OverlayLayer(this.#over);
    this.filters = new FilterHost({ engine, canvas, frame: this.frame, events, requestDraw });
    this.avatars = new AvatarHost(engine, requestDraw);
    this.background = new BackgroundLayer(this.#scene);
  }

  setModel(model: FaceModel): void {
    this.#dropModel();
    this.#model = model;
    // The first face finds its shaders compiled.
    this.#addSlots(1);
    this.filters.setModel(model);
    this.avatars.setModel(model);
  }

  /** Copies the frame's picture; the caller may close it afterwards. */
  uploadFrame(frame: TrackedFrame['frame'], options: StageOptions): void {
    this.frame.upload(frame);
    if (blursBackground(options)) this.background.blurFrame(frame);
  }

  /** Blurs the frame that is on the GPU; false when there is none or a newer one came meanwhile. */
  async blurUploadedFrame(): Promise<boolean> {
    const picture = await this.frame.read();
    if (!picture || this.#engine.isDisposed) return false;
    this.background.blurFrame(picture);
    return true;
  }

  /** Draws one picture. Returns the frame's placement in it. */
  drawFrame(drawn: DrawnFrame, options: StageOptions, pixelRatio: number): Placement {
    const canvas = { width: this.#engine.getRenderWidth(), height: this.#engine.getRenderHeight() };
    const head = this.avatars.updateAvatars(drawn.faces, drawn.time, { ...options, shown: options.look === 'avatar' });
    const placement = placementOf(drawn.size, canvas, options, head, depthRangeOf(this.#engine), pixelRatio);
    this.#placeBackground(canvas, options);
    this.#video.placeFrame(placement);
    this.#overlays.showOverlays(drawn.faces, options.overlays, placement);
    this.#placeFaces(drawn, options, placement);
    this.#engine.beginFrame();
    this.#scene.render();
    this.avatars.renderAvatars({ placement, canvas, mirror: options.mirror });
    this.filters.renderFilters('face');
    this.#over.render();
    this.filters.renderFilters('over');
    this.#engine.endFrame();
    return placement;
  }

  /** Whether the last picture needs masks beyond the crop: it has content around the faces, or shows the masks. */
  get surroundsFaces(): boolean {
    return this.#surrounds;
  }

  /** Clears the canvas while there is no frame. */
  drawNothing(): void {
    this.#engine.beginFrame();
    this.#engine.clear(this.#scene.clearColor, true, true);
    this.#engine.endFrame();
  }

  /** False while a shader of what is shown compiles. Shaders that failed count as ready. */
  isReady(): boolean {
    return (
      [this.#scene, this.#over].every(({ meshes }) => meshes.every(isSettled)) &&
      this.#slots.every(({ layers }) => layers.isReady()) &&
      this.filters.isReady() &&
      this.avatars.isReady()
    );
  }

  dispose(): void {
    this.filters.dispose();
    this.avatars.dispose();
    this.background.dispose();
    this.#dropModel();
    this.#overlays.dispose();
    this.#video.dispose();
    this.frame.dispose();
    this.#over.dispose();
    this.#scene.dispose();
  }

  /** In a studio the video is hidden; only the occluders' pixels are drawn from it. */
  #placeBackground(canvas: Size, { place, backdrop, mirror }: StageOptions): void {
    const inStudio = place === 'studio';
    const kind = inStudio && (backdrop === 'blur' || backdrop === 'picture') ? backdrop : null;
    this.#video.setEnabled(!inStudio);
    this.background.showBackground(kind, canvas, mirror);
    this.#scene.clearColor = backgroundColour(inStudio ? backdrop : null);
  }

  #placeFaces({ faces, time }: DrawnFrame, options: StageOptions, placement: Placement): void {
    this.#addSlots(faces.length);
    const shaped = this.#slots.flatMap(({ shape }, i) => {
      const face = faces[i];
      return face ? [{ face, shape }] : [];
    });
    this.filters.updateFilters(shaped, { time, placement, light: options.light });
    const looks = { skin: options.look === 'face' || options.look === 'wireframe', head: options.look === 'avatar' };
    const content = unionContent([looks, this.filters.content]);
    this.#surrounds = (content.head && options.occlusion) || options.overlays.mask;
    this.#slots.forEach(({ layers, shape }, i) => {
      const face = faces[i];
      if (face) layers.showFace(face, shape, placement, { ...options, content });
      else layers.hideFace();
    });
  }

  #addSlots(faces: number): void {
    const model = this.#model;
    if (!model) return;
    const scenes = { surfaces: this.#scene, over: this.#over };
    while (this.#slots.length < faces) {
      this.#slots.push({ layers: new FaceLayers(scenes, model, this.frame), shape: new FaceShape(model) });
    }
  }

  #dropModel(): void {
    this.#model = undefined;
    for (const { layers } of this.#slots) layers.dispose();
    this.#slots = [];
  }
}

/** In a studio the frame is placed so that its face comes to where the studio has its head. */
function placementOf(
  frame: Size,
  canvas: Size,
  { place, fit, mirror }: StageOptions,
  head: StudioHead | undefined,
  depthRange: Placement['depthRange'],
  pixelRatio: number,
): Placement {
  const view =
    place === 'studio' && head?.face
      ? placeFrame(canvas, mirror, studioPlace(head.face, head.pose, canvas, studioBelow(canvas, head.bottom)))
      : fitFrame(canvas, frame, fit, mirror);
  return createPlacement(view, frame, depthRange, pixelRatio);
}
