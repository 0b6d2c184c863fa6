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

/** A filter's files by asset name, as paths below `public/`. The extension decides the kind. */
export type AssetList = Readonly<Record<string, string>>;

/** The type of a loaded file: a texture for an image, an asset container for a model, the value for JSON. */
export type LoadedAsset<File extends string> = File extends `${string}.${'png' | 'jpg' | 'jpeg' | 'webp'}`
  ? Texture
  : File extends `${string}.${'glb' | 'gltf'}`
    ? AssetContainer
    : File extends `${string}.json`
      ? unknown
      : Texture | AssetContainer;

/** The mouse or finger on the canvas. */
export interface Pointer {
  /** −1 at the canvas's left to 1 at its right. */
  readonly x: number;
  /** −1 at the canvas's bottom to 1 at its top. */
  readonly y: number;
  readonly down: boolean;
  /** Whether it has been on the canvas so far. */
  readonly seen: boolean;
}

/** Position of the face's crop and of the frame, for a filter's own shaders. The vectors are updated in every frame. */
export interface CropUniforms {
  /** Centre x, y, then side · cos and side · sin of the crop's angle, frame pixels. */
  readonly crop: Vector4;
  /** Frame pixels. */
  readonly frameSize: Vector2;
  /** Scale x, y and offset x, y from frame pixels to clip space. */
  readonly frameToClip: Vector4;
}

/** Everything a filter builds with. The host disposes what is created in `scene`. */
export interface FilterContext<A extends AssetList = AssetList> {
  /** This filter's scene for one face; it contains nothing of other filters. */
  readonly scene: Scene;
  /** Index of the face, from 0; constant while the face is tracked. */
  readonly place: number;
  /** Number of such indices in this frame. */
  readonly places: number;
  /** Head space: x to the subject's left, y up, z to the viewer, mm. The parent for meshes that follow the head. */
  readonly root: TransformNode;
  readonly anchors: Readonly<Record<AnchorName, TransformNode>>;
  /** The face model: parts, regions and UVs of its vertices, bases, albedo. */
  readonly model: FaceModel;
  /** The fitted face with normals and UVs; its topology is constant. Invisible until it has a material and is enabled. */
  readonly faceMesh: Mesh;
  /** The head as depth: hides what is behind it. On by default. */
  readonly depthOccluder: { setEnabled(enabled: boolean): void };
  readonly assets: { readonly [K in keyof A]: LoadedAsset<A[K]> };
  /** The tracked frame, first row on top. */
  readonly frameTexture: BaseTexture;
  /**
   * The mask on the crop: red is the probability of an occluder, green that of visible skin, blue that of the person's own
   * hair and headwear; first row on top.
   */
  readonly maskTexture: BaseTexture;
  readonly cropUniforms: CropUniforms;
  readonly pointer: Pointer;
  /** The point under the pointer, `z` mm towards the viewer from the head's middle, in the scene's (camera's) axes. */
  pointerAt(z: number): Vector3;
  /** Shows a message to the user, once per text. */
  report(message: string): void;
}

/** One face in one tracked frame. The arrays belong to the tracker: do not keep or change them. */
export interface FilterFace {
  /** Constant while the face is tracked. */
  readonly id: number;
  readonly state: FaceState;
  /** Visible share of each region, 0 to 1. */
  readonly visibility: Readonly<Record<Region, number>>;
  /** Probabilities × 255 on the crop, or on a wider square around it. */
  readonly occlusion: FaceMask;
  /** ARKit's 52, 0 to 1, relative to the person's resting face where one is set. */
  readonly expression: Expression;
  /** 27 = 3 colours × 9 spherical harmonics, in the crop's axes; the constant term lacks the base. */
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
  /** Capture time. */
  readonly time: Seconds;
  /** Seconds since the previous frame: 0 on the first and when a frame is drawn again, at most 0.25. */
  readonly dt: Seconds;
}

export type FilterLayer = 'face' | 'over';

/** A filter. `setup` runs once per face, `frame` for every drawn frame with that face. */
export interface FilterDefinition<A extends AssetList = AssetList, S = unknown> {
  /** Name of its file, and in the page's address: letters, digits and -. */
  readonly name: string;
  readonly title: string;
  /** face (default): below the occluders; over: above everything, for readouts. */
  readonly layer?: FilterLayer;
  readonly assets?: A;
  /** Anchors and mesh hold the face's first frame already. */
  setup(context: FilterContext<A>): S | Promise<S>;
  frame(state: S, face: FilterFace, context: FilterContext<A>): void;
  /** Releases what is outside the scene: listeners, timers. */
  dispose?(state: S, context: FilterContext<A>): void;
}

/** A filter as the host runs it. */
export interface Filter extends FilterDefinition {
  /** An error created where the filter is defined; its stack gives the file. */
  readonly defined: Error;
}
