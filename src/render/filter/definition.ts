import type { AssetContainer } from '@babylonjs/core/assetContainer';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture';
import type { Texture } from '@babylonjs/core/Materials/Textures/texture';
import type { Vector2, Vector3, Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import type { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../../face/face-model';
import type { Crop, CropCamera, Expression, FaceMask, FaceState, Pose, Region, Seconds } from '../../face/types';
import type { AnchorName } from './face-anchors';

/** Files of a filter by a name of its own, as addresses below the page's (`public/`); the ending tells the kind. */
export type AssetList = Readonly<Record<string, string>>;

/** What a file becomes: a picture a texture, a model an asset container, JSON its value. */
export type LoadedAsset<File extends string> = File extends `${string}.${'png' | 'jpg' | 'jpeg' | 'webp'}`
  ? Texture
  : File extends `${string}.${'glb' | 'gltf'}`
    ? AssetContainer
    : File extends `${string}.json`
      ? unknown
      : Texture | AssetContainer;

/** The mouse or finger over the picture. */
export interface Pointer {
  /** −1 at the canvas's left to 1 at its right. */
  readonly x: number;
  /** −1 at the canvas's bottom to 1 at its top. */
  readonly y: number;
  readonly down: boolean;
  /** Whether it was over the picture yet. */
  readonly seen: boolean;
}

/** Where the face's crop and the frame lie, for a filter's own shaders. */
export interface CropUniforms {
  /** Centre x, y, then side · cos and side · sin of the crop's angle, frame pixels. */
  readonly crop: Vector4;
  /** Frame pixels. */
  readonly frameSize: Vector2;
  /** Scale x, y and offset x, y from frame pixels to clip space. */
  readonly frameToClip: Vector4;
}

/** What a filter builds with. The host disposes everything made in `scene`. */
export interface FilterContext<A extends AssetList = AssetList> {
  /** This filter's own, for one face: nobody else's meshes, lights or materials are in it. */
  readonly scene: Scene;
  /** Which of the faces in the picture this is, from 0; it stays while the face is followed. */
  readonly place: number;
  /** How many such places there are in this frame. */
  readonly places: number;
  /** Head space: x to the subject's left, y up, z to the viewer, mm. Hang meshes here or on an anchor. */
  readonly root: TransformNode;
  readonly anchors: Readonly<Record<AnchorName, TransformNode>>;
  /** What the coefficients stand for: parts, regions and UVs of its vertices, bases, albedo. */
  readonly model: FaceModel;
  /** The fitted face, with normals and UVs, the same topology always; invisible until it is given a material and enabled. */
  readonly faceMesh: Mesh;
  /** Hides what is behind the head; on unless `setEnabled(false)`. */
  readonly depthOccluder: { setEnabled(enabled: boolean): void };
  readonly assets: { readonly [K in keyof A]: LoadedAsset<A[K]> };
  /** The tracked frame, first row on top. */
  readonly frameTexture: BaseTexture;
  /** The crop's mask: red is the probability of something in front, green that of visible skin; first row on top. */
  readonly maskTexture: BaseTexture;
  readonly cropUniforms: CropUniforms;
  readonly pointer: Pointer;
  /** The point under the pointer, `z` mm towards the viewer from the head's middle, in the scene's (camera's) axes. */
  pointerAt(z: number): Vector3;
  /** Shows a line to the person, once per text. */
  report(message: string): void;
}

/** One face in one tracked frame. Its arrays are the tracker's: read them, don't keep or write them. */
export interface FilterFace {
  /** Stays while the face is followed. */
  readonly id: number;
  readonly state: FaceState;
  /** Share of each region that is seen, 0 to 1. */
  readonly visibility: Readonly<Record<Region, number>>;
  /** Probabilities × 255 on the crop's grid. */
  readonly occlusion: FaceMask;
  /** ARKit's 52, 0 to 1, relative to the person's resting face where one is set. */
  readonly expression: Expression;
  /** 27 = 3 colours × 9 spherical harmonics, without the base on the constant term; in the crop's axes. */
  readonly light: Float32Array;
  /** 10, standard deviations of the log-albedo's modes. */
  readonly albedo: Float32Array;
  /** 80, standard deviations of the shape's modes. */
  readonly identity: Float32Array;
  /** In the frame's camera, mm. */
  readonly pose: Pose;
  readonly crop: Crop;
  readonly camera: CropCamera;
  /** 478 × (x, y, z), frame pixels, MediaPipe's order. */
  readonly landmarks478: Float32Array;
  /** The capture's clock. */
  readonly time: Seconds;
  /** Seconds since the frame before, 0 on the first and when a frame is drawn again; at most a quarter. */
  readonly dt: Seconds;
}

export type FilterLayer = 'face' | 'over';

/** A filter. `setup` runs once for each face's place, `frame` for every tracked frame in which that face is. */
export interface FilterDefinition<A extends AssetList = AssetList, S = unknown> {
  /** The name in the address and of its file: letters, digits and -. */
  readonly name: string;
  readonly title: string;
  /** face (unless told): below what is in front of the face; over: above everything, as a readout is. */
  readonly layer?: FilterLayer;
  readonly assets?: A;
  /** The face is there already: anchors and mesh hold its first frame. */
  setup(context: FilterContext<A>): S | Promise<S>;
  frame(state: S, face: FilterFace, context: FilterContext<A>): void;
  /** For what lives outside the scene: listeners, timers. */
  dispose?(state: S, context: FilterContext<A>): void;
}

/** A filter as the host takes it. */
export interface Filter extends FilterDefinition {
  /** An error of the moment and place where it was defined. */
  readonly defined: Error;
}
