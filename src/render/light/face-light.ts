import '@babylonjs/core/Materials/Textures/baseTexture.polynomial';
import { Constants } from '@babylonjs/core/Engines/constants';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial';
import { RawCubeTexture } from '@babylonjs/core/Materials/Textures/rawCubeTexture';
import { Color3 } from '@babylonjs/core/Maths/math.color';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { SphericalPolynomial } from '@babylonjs/core/Maths/sphericalPolynomial';
import type { Scene } from '@babylonjs/core/scene';
import type { Face } from '../../face/types';
import { CUBE_LEVEL, CUBE_SIZE, emptyEnvironment, paintEnvironment } from './environment';
import { HARMONICS } from './light-uniform';
import { brightestDirection, type Harmonics, irradiance, propHarmonics } from './safe-harmonics';

const GAMMA = 2.2;
/** Sum of the harmonics' changes from which the mirrored surroundings are painted anew. */
const REPAINT = 0.4;

/**
 * The light of one face on everything in the scene around it: physically based materials get its harmonics as irradiance
 * and painted surroundings to mirror, by way of the scene's environment; standard materials get a hemispheric light
 * along it, which leaves the others alone. World axes are the frame camera's: x right, y up, z to the viewer.
 */
export class FaceLight {
  /** 9 harmonics × RGB, of a white surface's linear value, for shaders of one's own. */
  readonly harmonics: Harmonics = new Float32Array(3 * HARMONICS);
  readonly #environment: RawCubeTexture;
  readonly #polynomial = new SphericalPolynomial();
  readonly #pictures = emptyEnvironment();
  readonly #painted = new Float32Array(3 * HARMONICS);
  readonly #hemisphere: HemisphericLight;

  constructor(private readonly scene: Scene) {
    this.#environment = environmentTexture(scene, this.#pictures);
    this.#environment.sphericalPolynomial = this.#polynomial;
    scene.environmentTexture = this.#environment;
    this.#hemisphere = new HemisphericLight('face light', Vector3.Up(), scene);
    this.#hemisphere.specular = Color3.Black();
  }

  /** Takes a face's light. `strength`: 0 a neutral studio, 1 as estimated, up to 1.5. */
  update({ coefficients, crop }: Pick<Face, 'coefficients' | 'crop'>, strength: number): void {
    propHarmonics(coefficients.light, strength, crop.angle, this.harmonics);
    this.#setPolynomial();
    this.#setHemisphere();
    const change = this.harmonics.reduce((sum, value, i) => sum + Math.abs(value - (this.#painted[i] ?? 0)), 0);
    if (change <= REPAINT) return;
    this.#painted.set(this.harmonics);
    paintEnvironment(this.harmonics, this.#pictures);
    const { TEXTUREFORMAT_RGBA, TEXTURETYPE_UNSIGNED_BYTE } = Constants;
    this.#environment.update(this.#pictures, TEXTUREFORMAT_RGBA, TEXTURETYPE_UNSIGNED_BYTE, false);
  }

  dispose(): void {
    if (this.scene.environmentTexture === this.#environment) this.scene.environmentTexture = null;
    this.#environment.dispose();
    this.#hemisphere.dispose();
  }

  /** Babylon multiplies by the texture's level, and knows our functions under the names of their degrees and orders. */
  #setPolynomial(): void {
    const terms = this.#polynomial.preScaledHarmonics;
    const { l00, l1_1, l10, l11, l2_2, l2_1, l20, l21, l22 } = terms;
    [l00, l1_1, l10, l11, l2_2, l2_1, l20, l21, l22].forEach((term, k) => {
      const scale = (SCALES[k] ?? 0) / CUBE_LEVEL;
      const [red = 0, green = 0, blue = 0] = this.harmonics.subarray(3 * k, 3 * k + 3);
      term.set(red * scale, green * scale, blue * scale);
    });
  }

  /** Standard materials calculate with gamma-encoded colours. */
  #setHemisphere(): void {
    const standard = this.scene.meshes.filter(({ material }) => material instanceof StandardMaterial);
    const lit = this.#hemisphere.includedOnlyMeshes;
    if (standard.length !== lit.length || standard.some((mesh, i) => mesh !== lit[i])) {
      this.#hemisphere.includedOnlyMeshes = standard;
    }
    this.#hemisphere.setEnabled(standard.length > 0);
    const [x, y, z] = brightestDirection(this.harmonics);
    this.#hemisphere.direction.set(x, y, z);
    encode(this.harmonics, x, y, z, this.#hemisphere.diffuse);
    encode(this.harmonics, -x, -y, -z, this.#hemisphere.groundColor);
  }
}

/** Constant factors of the harmonics; 3zz − 1 and the other polynomials are the shader's. */
const SCALES = [0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274];

const scratch = new Float32Array(3);

function encode(light: Harmonics, x: number, y: number, z: number, out: Color3): void {
  const [red = 0, green = 0, blue = 0] = irradiance(light, x, y, z, scratch);
  out.set(red ** (1 / GAMMA), green ** (1 / GAMMA), blue ** (1 / GAMMA));
}

function environmentTexture(scene: Scene, pictures: Uint8Array[]): RawCubeTexture {
  const texture = new RawCubeTexture(
    scene,
    pictures,
    CUBE_SIZE,
    Constants.TEXTUREFORMAT_RGBA,
    Constants.TEXTURETYPE_UNSIGNED_BYTE,
    true,
    false,
    Constants.TEXTURE_TRILINEAR_SAMPLINGMODE,
  );
  texture.coordinatesMode = Constants.TEXTURE_CUBIC_MODE;
  texture.gammaSpace = true;
  texture.level = CUBE_LEVEL;
  // In a right-handed scene Babylon turns z around unless told that the texture is right-handed already.
  texture.invertZ = true;
  return texture;
}
