import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { FaceModel } from '../../face/face-model';
import type { Face } from '../../face/types';
import { type Content, unionContent } from '../engine/attachment';
import type { FaceShape } from '../mesh/face-shape';
import type { FrameTexture } from '../picture/frame-texture';
import type { Filter, FilterLayer } from './definition';
import { errorPlace, type FilterNotice } from './errors';
import { FaceUploads } from './face-uploads';
import type { FilterView } from './filter-view';
import { FilterInstance } from './instance';
import { FilterPointer } from './pointer';

export type { Filter, FilterNotice };

export interface FilterEvents {
  /** A filter failed and was switched off, or reports a message. */
  onNotice(notice: FilterNotice): void;
  /** Progress of a filter's files in bytes; null when nothing is loading. `total` is 0 while unknown. */
  onProgress(progress: { readonly title: string; readonly loaded: number; readonly total: number } | null): void;
  /** Names of the filters that are on and have not failed. */
  onRunning(names: readonly string[]): void;
}

export interface FilterHostDependencies {
  readonly engine: AbstractEngine;
  readonly canvas: HTMLCanvasElement;
  readonly frame: FrameTexture;
  readonly events: FilterEvents;
  /** The filters' part of the picture has changed. */
  requestDraw(): void;
}

export interface ShapedFace {
  readonly face: Face;
  readonly shape: FaceShape;
}

/** A chosen filter with its instances by face place. */
interface Entry {
  readonly filter: Filter;
  readonly instances: Map<number, FilterInstance>;
}

/** Runs filters on faces. A filter that fails is switched off with a notice; the others go on. */
export class FilterHost {
  readonly #entries: Entry[] = [];
  readonly #pointer: FilterPointer;
  /** Face ids by place: a face keeps its place while it is tracked. */
  readonly #places: (number | undefined)[] = [];
  /** By place, shared by all filters on that face. */
  readonly #uploads = new Map<number, FaceUploads>();
  readonly #reported = new Set<string>();
  #model: FaceModel | undefined;

  constructor(private readonly dependencies: FilterHostDependencies) {
    this.#pointer = new FilterPointer(dependencies.canvas, () => {
      if (this.active) dependencies.requestDraw();
    });
  }

  /** Whether a filter is on. */
  get active(): boolean {
    return this.#entries.length > 0;
  }

  /** What the filters below the occluders draw, as of the last update. */
  get content(): Content {
    const below = this.#entries.filter(({ filter }) => (filter.layer ?? 'face') === 'face');
    return unionContent(below.flatMap(({ instances }) => [...instances.values()].map(({ content }) => content)));
  }

  /** Drops everything that was created for the previous model. */
  setModel(model: FaceModel | undefined): void {
    this.#model = model;
    for (const entry of this.#entries) this.#end(entry);
    this.#dropUploads();
  }

  /** Switches to these filters, drawn in this order. Filters that are on already keep their state. */
  setFilters(filters: readonly Filter[]): void {
    const before = this.#entries.splice(0);
    for (const entry of before) if (!filters.includes(entry.filter)) this.#end(entry);
    for (const filter of filters) {
      this.#entries.push(before.find((entry) => entry.filter === filter) ?? { filter, instances: new Map() });
    }
    this.#reported.clear();
    this.#onRunningChange();
  }

  /** Moves the filters to the faces of this frame. Each `shape` is set to its face's coefficients. */
  updateFilters(faces: readonly ShapedFace[], view: FilterView): void {
    if (!this.active) return;
    const places = this.#placesOf(faces);
    for (const { instances } of this.#entries) {
      for (const [place, instance] of instances) if (!places.has(place)) instance.hideFace();
    }
    for (const [place, { face, shape }] of places) {
      shape.setCoefficients(face.coefficients, false);
      const uploads = this.#uploadsOf(place);
      uploads?.uploadFace(face, shape);
      for (const entry of [...this.#entries]) this.#instance(entry, place)?.updateFace(face, shape, view);
    }
  }

  renderFilters(layer: FilterLayer): void {
    for (const { filter, instances } of [...this.#entries]) {
      if ((filter.layer ?? 'face') === layer) for (const instance of instances.values()) instance.render();
    }
  }

  /** False while a filter's shaders or textures are not ready. */
  isReady(): boolean {
    return this.#entries.every(({ instances }) => [...instances.values()].every((instance) => instance.isReady()));
  }

  dispose(): void {
    for (const entry of this.#entries.splice(0)) this.#end(entry);
    this.#dropUploads();
    this.#pointer.dispose();
  }

  #placesOf(faces: readonly ShapedFace[]): Map<number, ShapedFace> {
    const ids = new Set(faces.map(({ face }) => face.id));
    this.#places.forEach((id, place) => {
      if (id !== undefined && !ids.has(id)) this.#places[place] = undefined;
    });
    while (this.#places.length > 0 && this.#places.at(-1) === undefined) this.#places.pop();
    const places = new Map<number, ShapedFace>();
    for (const shaped of faces) {
      const { id } = shaped.face;
      let place = this.#places.indexOf(id);
      if (place < 0) place = this.#places.indexOf(undefined);
      if (place < 0) place = this.#places.length;
      this.#places[place] = id;
      places.set(place, shaped);
    }
    return places;
  }

  #uploadsOf(place: number): FaceUploads | undefined {
    const known = this.#uploads.get(place);
    if (known || !this.#model || !this.active) return known;
    const made = new FaceUploads(this.dependencies.engine, this.#model);
    this.#uploads.set(place, made);
    return made;
  }

  #dropUploads(): void {
    for (const uploads of this.#uploads.values()) uploads.dispose();
    this.#uploads.clear();
  }

  #instance({ filter, instances }: Entry, place: number): FilterInstance | undefined {
    const known = instances.get(place);
    const uploads = this.#uploadsOf(place);
    if (known || !uploads) return known;
    const { engine, frame, events, requestDraw } = this.dependencies;
    const made = new FilterInstance(filter, {
      engine,
      uploads,
      place,
      places: () => this.#places.length,
      frame,
      pointer: this.#pointer,
      onError: (phase, error) => this.#break(filter, phase, error),
      onReport: (message) => this.#report(filter, message),
      onBytes: (loaded, total) => {
        if (instances.has(place)) events.onProgress({ title: filter.title, loaded, total });
      },
      onChange: () => {
        events.onProgress(null);
        requestDraw();
      },
    });
    instances.set(place, made);
    return made;
  }

  #end({ instances }: Entry): void {
    for (const instance of instances.values()) instance.dispose();
    instances.clear();
    this.dependencies.events.onProgress(null);
  }

  #break(filter: Filter, phase: FilterNotice['phase'], error: unknown): void {
    const index = this.#entries.findIndex((entry) => entry.filter === filter);
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    if (entry) this.#end(entry);
    const message = error instanceof Error ? error.message : String(error);
    const notice = { filter: filter.name, title: filter.title, phase, message };
    this.dependencies.events.onProgress(null);
    this.#onRunningChange();
    void errorPlace(error, filter.defined).then((place) => {
      this.dependencies.events.onNotice(place ? { ...notice, place } : notice);
    });
  }

  #report(filter: Filter, message: string): void {
    const key = `${filter.name} ${message}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.dependencies.events.onNotice({ filter: filter.name, title: filter.title, phase: 'report', message });
  }

  #onRunningChange(): void {
    if (!this.active) this.#dropUploads();
    this.dependencies.events.onRunning(this.#entries.map(({ filter }) => filter.name));
    this.dependencies.requestDraw();
  }
}
