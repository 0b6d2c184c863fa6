import { at, float32At } from '../../face/at';
import { type FaceModel, PART_NAMES } from '../../face/face-model';

/** Share of the light that reaches the centre of the eyes, and their upper edge under the lid; linear. */
const EYE = 0.32;
const UNDER_LID = 0.1;
/** The same for parts of the mouth. */
const MOUTH: Readonly<Record<string, number>> = { teeth: 0.5, gums: 0.4, mouth: 0.3, tongue: 0.45 };

/** Share of the light that reaches eyes and mouth, by vertex of the model. Contains no skin. */
export function hollowShades(model: FaceModel): ReadonlyMap<number, number> {
  const shades = new Map<number, number>();
  for (const name of ['eyeLeft', 'eyeRight'] as const) {
    const vertices = verticesOf(model, name);
    const heights = vertices.map((vertex) => float32At(model.mean, 3 * vertex + 1));
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    vertices.forEach((vertex, i) => {
      const up = (at(heights, i) - low) / Math.max(high - low, 1e-6);
      shades.set(vertex, EYE + (UNDER_LID - EYE) * Math.max(0, 2 * up - 1));
    });
  }
  for (const [name, shade] of Object.entries(MOUTH)) {
    for (const vertex of verticesOf(model, name)) shades.set(vertex, shade);
  }
  return shades;
}

function verticesOf({ part, vertexCount }: FaceModel, name: string): number[] {
  const names: readonly string[] = PART_NAMES;
  const wanted = names.indexOf(name);
  return Array.from({ length: vertexCount }, (_, vertex) => vertex).filter((vertex) => part[vertex] === wanted);
}
