import '@babylonjs/core/Materials/Textures/baseTexture.polynomial';
import { Constants } from '@babylonjs/core/Engines/constants';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial';
import { RawCubeTexture } from '@babylonjs/core/Materials/Textures/rawCubeTexture';
import { Color3 } from '@babylonjs/core/Maths/math.color';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { SphericalPolynomial } from '@babylonjs/core/Maths/sphericalPolynomial';
import type { Scene } from '@babylonjs/core/scene';
import { at, float32At } from '../../face/at';
import type { Face } from '../../face/types';
import { CUBE_LEVEL, CUBE_SIZE, emptyEnvironment, paintEnvironment } from './environment';
import { HARMONICS } from './light-uniform';
import { brightestDirection, type Harmonics, irradiance, propHarmonics } from './safe-harmonics';

const GAMMA = 2.2;
/** Sum of the harmonics' changes above which the environment is painted again. */
const REPAINT = 0.4;

/**
 * The light of one face for everything in its scene. Physically based materials get its harmonics as irradiance and a
 * painted environment for reflections; standard materials get a hemispheric light with its direction. World axes are
 * the frame camera's: x right, y up, z to the viewer.
 */
export class FaceLight {
  /** 9 harmonics × RGB, the linear value of a white surface, for custom shaders. */
  readonly harmonics: Harmonics = new Float32Array(3 * HARMONICS);
  readonly #environment: RawCubeTexture;
  readonly #polynomial = new SphericalPolynomial();
  /** The polynomial's terms in our order. */
  readonly #terms = termsOf(this.#polynomial);
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

  /** Sets the light from a face. `strength`: 0 a neutral studio, 1 as estimated, up to 1.5. */
  update({ coefficients, crop }: Pick<Face, 'coefficients' | 'crop'>, strength: number): void {
    propHarmonics(coefficients.light, strength, crop.angle, this.harmonics);
    this.#setPolynomial();
    this.#setHemisphere();
    if (this.#change() <= REPAINT) return;
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

  /** Sum of the harmonics' changes since the environment was painted. */
  #change(): number {
    let sum = 0;
    for (let i = 0; i < this.harmonics.length; i++)
      sum += Math.abs(float32At(this.harmonics, i) - float32At(this.#painted, i));
    return sum;
  }

  /** Babylon.js multiplies by the texture's level, and names the functions by degree and order. */
  #setPolynomial(): void {
    for (let k = 0; k < HARMONICS; k++) {
      const scale = at(SCALES, k) / CUBE_LEVEL;
      const red = float32At(this.harmonics, 3 * k);
      at(this.#terms, k).set(
        red * scale,
        float32At(this.harmonics, 3 * k + 1) * scale,
        float32At(this.harmonics, 3 * k + 2) * scale,
      );
    }
  }

  /** Standard materials compute with gamma-encoded colours. */
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

function termsOf({ preScaledHarmonics }: SphericalPolynomial): Vector3[] {
  const { l00, l1_1, l10, l11, l2_2, l2_1, l20, l21, l22 } = preScaledHarmonics;
  return [l00, l1_1, l10, l11, l2_2, l2_1, l20, l21, l22];
}

/** Constant factors of the harmonics; Babylon's shader has the polynomials such as 3zz − 1. */
const SCALES = [0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274];

const scratch = new Float32Array(3);

function encode(light: Harmonics, x: number, y: number, z: number, out: Color3): void {
  irradiance(light, x, y, z, scratch);
  out.set(
    float32At(scratch, 0) ** (1 / GAMMA),
    float32At(scratch, 1) ** (1 / GAMMA),
    float32At(scratch, 2) ** (1 / GAMMA),
  );
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
  // In a right-handed scene Babylon.js inverts z unless the texture is marked as right-handed.
  texture.invertZ = true;
  return texture;
}
