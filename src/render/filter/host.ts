import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { FaceModel } from '../../face/face-model';
import type { Face, Seconds } from '../../face/types';
import type { FaceShape } from '../mesh/face-shape';
import type { FrameTexture } from '../picture/frame-texture';
import type { Placement } from '../view/placement';
import type { Filter, FilterLayer } from './definition';
import { errorPlace, type FilterNotice } from './errors';
import { FilterInstance } from './instance';
import { FilterPointer } from './pointer';

export type { Filter, FilterNotice };

export interface FilterEvents {
  /** A filter broke and was switched off, or has something to say. */
  onNotice(notice: FilterNotice): void;
  /** Bytes of a filter's files; null when there is nothing to wait for. `total` 0 while it is not known. */
  onProgress(progress: { readonly title: string; readonly loaded: number; readonly total: number } | null): void;
  /** Names of the filters that are on and have not broken. */
  onRunning(names: readonly string[]): void;
}

export interface FilterHostDependencies {
  readonly engine: AbstractEngine;
  readonly canvas: HTMLCanvasElement;
  readonly frame: FrameTexture;
  readonly placement: Placement;
  readonly events: FilterEvents;
  /** Draws the last frame anew. */
  redraw(): void;
}

export interface ShapedFace {
  readonly face: Face;
  readonly shape: FaceShape;
}

/** A filter that was chosen, on as many faces as were seen. */
interface Entry {
  readonly filter: Filter;
  readonly instances: Map<number, FilterInstance>;
}

/** Runs filters on faces. A filter that breaks is switched off with a notice; everything else goes on. */
export class FilterHost {
  readonly #entries: Entry[] = [];
  readonly #pointer: FilterPointer;
  /** Face ids by place: a face keeps its place while it is followed. */
  readonly #places: (number | undefined)[] = [];
  readonly #reported = new Set<string>();
  /** Of the faces' own light on what filters show; see FaceLight. */
  light = 1;
  #model: FaceModel | undefined;
  #redraw = 0;

  constructor(private readonly dependencies: FilterHostDependencies) {
    this.#pointer = new FilterPointer(dependencies.canvas, () => {
      if (this.active) this.#redrawSoon();
    });
  }

  /** Whether a filter is on. */
  get active(): boolean {
    return this.#entries.length > 0;
  }

  /** Drops all that was made for the model before. */
  setModel(model: FaceModel | undefined): void {
    this.#model = model;
    for (const { instances } of this.#entries) {
      for (const instance of instances.values()) instance.dispose();
      instances.clear();
    }
  }

  /** Switches to these filters, drawn in this order. Those that were on already go on; a new version replaces its old. */
  setFilters(filters: readonly Filter[]): void {
    const before = this.#entries.splice(0);
    for (const entry of before) if (!filters.includes(entry.filter)) this.#end(entry);
    for (const filter of filters) {
      this.#entries.push(before.find((entry) => entry.filter === filter) ?? { filter, instances: new Map() });
    }
    this.#reported.clear();
    this.#tellRunning();
    this.#redrawSoon();
  }

  /** Takes the filters to where the faces of this frame are, each with a shape that holds or takes its mesh. */
  updateFilters(faces: readonly ShapedFace[], time: Seconds): void {
    if (!this.active) return;
    const places = this.#placesOf(faces);
    for (const { instances } of this.#entries) {
      for (const [place, instance] of instances) if (!places.has(place)) instance.hideFace();
    }
    for (const [place, { face, shape }] of places) {
      shape.setCoefficients(face.coefficients, false);
      for (const entry of [...this.#entries]) this.#instance(entry, place)?.updateFace(face, shape, time, this.light);
    }
  }

  renderFilters(layer: FilterLayer): void {
    for (const { filter, instances } of [...this.#entries]) {
      if ((filter.layer ?? 'face') === layer) for (const instance of instances.values()) instance.render();
    }
  }

  /** Whether all that is on is drawn as it should be. */
  isReady(): boolean {
    return this.#entries.every(({ instances }) => [...instances.values()].every((instance) => instance.isReady()));
  }

  dispose(): void {
    cancelAnimationFrame(this.#redraw);
    for (const entry of this.#entries.splice(0)) this.#end(entry);
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

  #instance({ filter, instances }: Entry, place: number): FilterInstance | undefined {
    const known = instances.get(place);
    if (known || !this.#model) return known;
    const { engine, frame, placement, events } = this.dependencies;
    const made = new FilterInstance(filter, {
      engine,
      model: this.#model,
      place,
      places: () => this.#places.length,
      frame,
      placement,
      pointer: this.#pointer,
      onError: (phase, error) => this.#break(filter, phase, error),
      onReport: (message) => this.#report(filter, message),
      onBytes: (loaded, total) => events.onProgress({ title: filter.title, loaded, total }),
      onChange: () => {
        events.onProgress(null);
        this.#redrawSoon();
      },
    });
    instances.set(place, made);
    return made;
  }

  #end({ instances }: Entry): void {
    for (const instance of instances.values()) instance.dispose();
    instances.clear();
  }

  #break(filter: Filter, phase: FilterNotice['phase'], error: unknown): void {
    const index = this.#entries.findIndex((entry) => entry.filter === filter);
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    if (entry) this.#end(entry);
    const message = error instanceof Error ? error.message : String(error);
    const notice = { filter: filter.name, title: filter.title, phase, message };
    this.dependencies.events.onProgress(null);
    this.#tellRunning();
    this.#redrawSoon();
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

  #tellRunning(): void {
    this.dependencies.events.onRunning(this.#entries.map(({ filter }) => filter.name));
  }

  /** After what happens now: never in the midst of drawing. */
  #redrawSoon(): void {
    cancelAnimationFrame(this.#redraw);
    this.#redraw = requestAnimationFrame(() => this.dependencies.redraw());
  }
}
