import '@babylonjs/loaders/glTF/2.0/glTFLoader';
import '@babylonjs/loaders/glTF/2.0/Extensions/EXT_texture_webp';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_clearcoat';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_emissive_strength';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_ior';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_pbrSpecularGlossiness';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_sheen';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_specular';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_unlit';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_mesh_quantization';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_texture_transform';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import type { Scene } from '@babylonjs/core/scene';
import type { INode } from '@babylonjs/loaders/glTF/2.0/glTFLoaderInterfaces';
import { GLTFLoaderAnimationStartMode } from '@babylonjs/loaders/glTF/glTFFileLoader';
import { AvatarError } from './avatar-error';
import { checkAvatar } from './file/check-avatar';
import type { Vrm } from './vrm-file';

/** A loaded avatar in its scene. */
export interface LoadedAvatar {
  /** Parent of all nodes; y up, z forward, in the file's own units. */
  readonly root: TransformNode;
  /** Child of the root and parent of the file's nodes; rotated so that the avatar looks along +z. */
  readonly facing: TransformNode;
  readonly meshes: readonly AbstractMesh[];
  readonly vrm: Vrm | null;
  /** The node with this index in the file. */
  node(index: number): TransformNode | undefined;
  /** The meshes of that node. */
  meshesOf(index: number): readonly AbstractMesh[];
}

/**
 * Loads a GLB or VRM file into the scene; nothing outside the file is read. Throws AvatarError; the scene may then
 * contain parts of the file and must be disposed.
 */
export async function loadAvatar(bytes: ArrayBuffer, name: string, scene: Scene): Promise<LoadedAvatar> {
  const vrm = await checkAvatar(bytes, name);
  let nodes: readonly INode[] = [];
  try {
    const container = await LoadAssetContainerAsync(new Uint8Array(bytes), scene, {
      pluginExtension: '.glb',
      pluginOptions: {
        gltf: {
          animationStartMode: GLTFLoaderAnimationStartMode.NONE,
          createInstances: false,
          loadNodeAnimations: false,
          onParsed: ({ json }) => {
            nodes = (json as { readonly nodes?: readonly INode[] }).nodes ?? [];
          },
          preprocessUrlAsync: refuse,
        },
      },
    });
    if (scene.isDisposed) throw new AvatarError(`${name} is not needed any more.`);
    container.addAllToScene();
    return assemble(container.meshes, container.rootNodes, scene, nodes, vrm);
  } catch (error) {
    if (error instanceof AvatarError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new AvatarError(`${name} cannot be read: ${said}. Export it again as binary glTF.`);
  }
}

function assemble(
  meshes: readonly AbstractMesh[],
  tops: readonly { parent: unknown }[],
  scene: Scene,
  nodes: readonly INode[],
  vrm: Vrm | null,
): LoadedAvatar {
  const root = new TransformNode('avatar', scene);
  const facing = new TransformNode('facing', scene);
  facing.parent = root;
  // VRM 0 models look along −z.
  if (vrm?.version === 0) facing.rotation.y = Math.PI;
  for (const top of tops) if (top instanceof TransformNode) top.parent = facing;
  return {
    root,
    facing,
    meshes: meshes.filter((mesh) => mesh.getTotalVertices() > 0),
    vrm,
    node: (index) => nodes[index]?._babylonTransformNode,
    meshesOf: (index) => nodes[index]?._primitiveBabylonMeshes ?? [],
  };
}

async function refuse(url: string): Promise<string> {
  if (url.startsWith('data:') || url.startsWith('blob:')) return url;
  throw new AvatarError('The file refers to another one. Export it with everything embedded.');
}
