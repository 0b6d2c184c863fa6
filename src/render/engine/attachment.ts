import { Engine } from '@babylonjs/core/Engines/engine';
import type { Material } from '@babylonjs/core/Materials/material';
import { MultiMaterial } from '@babylonjs/core/Materials/multiMaterial';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';

/**
 * What drawn content is attached to. It decides what of the picture stays in front of the content; this is the only place
 * where that is defined.
 *
 * - `skin`: on the face's skin, under the person's own hair and headwear: the fitted surface, face paint, make-up, a
 *   beard, a half mask. In front of it: occluders, own hair, own headwear.
 * - `head`: around the head or instead of it: avatars, hats, glasses and other props. In front of it: occluders, except
 *   the person's own headwear.
 *
 * A filter's `faceMesh` and the meshes of the building blocks for skin are attached to the skin, every other mesh to the
 * head. `attachToSkin` and `attachToHead` change that for a mesh.
 *
 * The stencil buffer holds the attachment of the nearest opaque content, for the layers that draw what is in front.
 */
export type Attachment = 'skin' | 'head';

const STENCIL: Readonly<Record<Attachment, number>> = { head: 0, skin: 1 };
const attachments = new WeakMap<AbstractMesh, Attachment>();

/** Attaches a mesh to the face's skin: the person's own hair is drawn in front of it. */
export function attachToSkin(mesh: AbstractMesh): void {
  attachments.set(mesh, 'skin');
}

/** Attaches a mesh to the head, as by default: it is drawn in front of the person's own hair. */
export function attachToHead(mesh: AbstractMesh): void {
  attachments.set(mesh, 'head');
}

/** Content of a picture, by attachment. */
export type Content = Readonly<Record<Attachment, boolean>>;

/** The union of contents. */
export function unionContent(contents: readonly Content[]): Content {
  return { skin: contents.some(({ skin }) => skin), head: contents.some(({ head }) => head) };
}

/** What a material writes into the stencil buffer. */
export function writeAttachment({ stencil }: Material, attachment: Attachment): void {
  stencil.enabled = true;
  stencil.funcRef = STENCIL[attachment];
}

/** Draws a material only over content of this attachment; over everything without one. */
export function drawOver({ stencil }: Material, attachment: Attachment | undefined): void {
  stencil.enabled = attachment !== undefined;
  if (attachment === undefined) return;
  stencil.func = Engine.EQUAL;
  stencil.funcRef = STENCIL[attachment];
  stencil.mask = 0;
}

/**
 * Prepares the visible meshes to write their attachment, and returns what there is. Transparent content of the head leaves
 * the attachment of what is behind it. Throws where one material is on meshes of both attachments.
 */
export function writeAttachments(meshes: readonly AbstractMesh[]): Content {
  const seen = new Map<Material, Attachment>();
  for (const mesh of meshes) {
    const attachment = attachments.get(mesh) ?? 'head';
    for (const material of drawnMaterials(mesh)) {
      if ((seen.get(material) ?? attachment) !== attachment) {
        throw new Error(`material ${material.name} is on the skin and on the head: use one material for each`);
      }
      seen.set(material, attachment);
      writeAttachment(material, attachment);
      material.stencil.mask = attachment === 'head' && material.needAlphaBlendingForMesh(mesh) ? 0 : 0xff;
    }
  }
  const found = new Set(seen.values());
  return { skin: found.has('skin'), head: found.has('head') };
}

function drawnMaterials(mesh: AbstractMesh): readonly Material[] {
  const { material } = mesh;
  if (!material || !mesh.isVisible || mesh.visibility <= 0 || !mesh.isEnabled()) return [];
  const all = material instanceof MultiMaterial ? material.subMaterials : [material];
  // Depth alone is no content.
  return all.flatMap((part) => (part && !part.disableColorWrite ? [part] : []));
}
