/** How a file is opened. `model`: a 3D model of a format that is not accepted; `other`: neither media nor 3D model. */
export type FileGroup = 'picture' | 'video' | 'sound' | 'avatar' | 'model' | 'other';

/** What a file contains. `name` is for messages and has an article: “a TIFF picture”. */
export interface FileKind {
  readonly group: FileGroup;
  readonly name: string;
  /** No browser decodes it. */
  readonly unsupported?: boolean;
  /** The MIME type of a picture that may be animated. */
  readonly animation?: string;
}

const kind = (group: FileGroup, name: string): FileKind => ({ group, name });
const animation = (name: string, type: string): FileKind => ({ group: 'picture', name, animation: type });
const unsupported = (group: FileGroup, name: string): FileKind => ({ group, name, unsupported: true });

const JPEG = kind('picture', 'a JPEG picture');
const PNG = animation('a PNG picture', 'image/png');
const GIF = animation('a GIF picture', 'image/gif');
const WEBP = animation('a WebP picture', 'image/webp');
const AVIF = animation('an AVIF picture', 'image/avif');
const BMP = kind('picture', 'a BMP picture');
const TIFF = kind('picture', 'a TIFF picture');
const HEIC = kind('picture', 'a HEIC picture');
const MOV = kind('video', 'a QuickTime video');
const MP4 = kind('video', 'an MP4 file');
const MATROSKA = kind('video', 'a WebM or Matroska video');
const OGG = kind('video', 'an Ogg file');
const AVI = unsupported('video', 'an AVI video');
const FLV = unsupported('video', 'a Flash video');
const WMV = unsupported('video', 'a Windows Media video');
const MPEG = unsupported('video', 'an MPEG program stream');
const TS = unsupported('video', 'an MPEG transport stream');
const MP3 = kind('sound', 'an MP3 file');
const WAVE = kind('sound', 'a WAVE file');
const FLAC = kind('sound', 'a FLAC file');
const M4A = kind('sound', 'an M4A file');
const GLB = kind('avatar', 'a binary glTF file');
const GLTF = kind('model', 'glTF in text form');
const PMX = kind('model', 'an MMD model');
const FBX = kind('model', 'an FBX model');
const BLEND = kind('model', 'a Blender file');
const OBJ = kind('model', 'an OBJ model');
const DAE = kind('model', 'a COLLADA model');
const USDZ = kind('model', 'a USDZ model');
const PSD = unsupported('picture', 'a Photoshop picture');
const JXL = unsupported('picture', 'a JPEG XL picture');
const SVG = unsupported('picture', 'an SVG drawing');
const RAW = unsupported('picture', 'a raw photo of a camera');
const ZIP = kind('other', 'a ZIP archive');
const PDF = kind('other', 'a PDF document');
const TEXT = kind('other', 'a text file');

/** The first bytes of files, one character per byte; `?` stands for any byte. The first that matches wins. */
const SIGNATURES: readonly (readonly [string, FileKind])[] = [
  ['\xff\xd8\xff', JPEG],
  ['\x89PNG\r\n', PNG],
  ['GIF87a', GIF],
  ['GIF89a', GIF],
  ['RIFF????WEBP', WEBP],
  ['RIFF????AVI ', AVI],
  ['RIFF????WAVE', WAVE],
  ['BM????\0\0\0\0', BMP],
  ['II*\0', TIFF],
  ['II+\0', TIFF],
  ['MM\0*', TIFF],
  ['MM\0+', TIFF],
  ['8BPS', PSD],
  ['\xff\x0a', JXL],
  ['\0\0\0\x0cJXL ', JXL],
  ['????moov', MOV],
  ['????mdat', MOV],
  ['????wide', MOV],
  ['????free', MOV],
  ['????skip', MOV],
  ['????pnot', MOV],
  ['\x1aE\xdf\xa3', MATROSKA],
  ['OggS', OGG],
  ['FLV\x01', FLV],
  ['0&\xb2u\x8ef\xcf\x11', WMV],
  ['\0\0\x01\xba', MPEG],
  ['\0\0\x01\xb3', MPEG],
  [`G${'?'.repeat(187)}G${'?'.repeat(187)}G`, TS],
  ['fLaC', FLAC],
  ['ID3', MP3],
  ['\xff\xfb', MP3],
  ['\xff\xf3', MP3],
  ['\xff\xf2', MP3],
  ['glTF', GLB],
  ['PMX ', PMX],
  ['Pmd', PMX],
  ['Kaydara FBX', FBX],
  ['; FBX', FBX],
  ['BLENDER', BLEND],
  ['%PDF', PDF],
];

/** Files in text form. */
const TEXT_SIGNATURES: readonly (readonly [RegExp, FileKind])[] = [
  [/^\s*\{.*"asset"\s*:/s, GLTF],
  [/^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<svg/s, SVG],
];

/** Main brands of ISO base media files: MP4 and its relatives. */
const BRANDS: readonly (readonly [RegExp, FileKind])[] = [
  [/^avi[fs]/, AVIF],
  [/^.{4,40}avi[fs]/s, AVIF],
  [/^(hei[csxm]|hev[cx]|mif1|msf1)/, HEIC],
  [/^qt/, MOV],
  [/^M4[AB]/, M4A],
  [/^/, MP4],
];

/** Kinds by the ending of the name, for files whose first bytes are not known. */
const ENDINGS: Readonly<Record<string, FileKind>> = {
  jpg: JPEG,
  jpeg: JPEG,
  png: PNG,
  gif: GIF,
  webp: WEBP,
  bmp: BMP,
  avif: AVIF,
  heic: HEIC,
  heif: HEIC,
  tif: TIFF,
  tiff: TIFF,
  psd: PSD,
  jxl: JXL,
  svg: SVG,
  dng: RAW,
  cr2: RAW,
  cr3: RAW,
  nef: RAW,
  arw: RAW,
  mp4: MP4,
  m4v: MP4,
  mov: MOV,
  webm: MATROSKA,
  mkv: MATROSKA,
  ogv: OGG,
  avi: AVI,
  flv: FLV,
  wmv: WMV,
  mpg: MPEG,
  mpeg: MPEG,
  ts: TS,
  m2ts: TS,
  mp3: MP3,
  wav: WAVE,
  flac: FLAC,
  m4a: M4A,
  glb: GLB,
  vrm: GLB,
  gltf: GLTF,
  pmx: PMX,
  pmd: PMX,
  fbx: FBX,
  blend: BLEND,
  obj: OBJ,
  dae: DAE,
  usdz: USDZ,
  zip: ZIP,
  pdf: PDF,
  txt: TEXT,
};

/** Bytes that the signatures need. */
const HEAD = 4096;
const UNKNOWN = kind('other', 'a file of an unknown kind');

/** The kind of a file by its first bytes, else by the ending of its name. */
export function fileKind(head: Uint8Array, name: string): FileKind {
  const text = latin1(head);
  if (text.slice(4, 8) === 'ftyp') return firstMatch(BRANDS, text.slice(8)) ?? MP4;
  const known = SIGNATURES.find(([signature]) => startsLike(text, signature))?.[1];
  if (known) return known;
  const inText = firstMatch(TEXT_SIGNATURES, text);
  if (inText) return inText;
  const ending = ENDINGS[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''];
  if (ending) return ending;
  if (startsLike(text, 'PK\x03\x04')) return ZIP;
  return isText(head) ? TEXT : UNKNOWN;
}

/**
 * What is wrong with the content of a file of this kind that cannot be decoded, as the end of a sentence: “it is
 * empty”. `head`: its first bytes.
 */
export function contentFault(head: Uint8Array): string | undefined {
  if (head.length === 0) return 'it is empty (0 bytes)';
  if (head.every((byte) => byte === 0)) return 'it contains only zero bytes';
  return isText(head) ? 'it contains text' : undefined;
}

/** The first bytes, for `fileKind` and `contentFault`. */
export async function readHead(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
}

function startsLike(text: string, signature: string): boolean {
  return text.length >= signature.length && [...signature].every((byte, i) => byte === '?' || byte === text[i]);
}

function firstMatch(patterns: readonly (readonly [RegExp, FileKind])[], text: string): FileKind | undefined {
  return patterns.find(([pattern]) => pattern.test(text))?.[1];
}

function latin1(bytes: Uint8Array): string {
  return bytes.reduce((text, byte) => text + String.fromCharCode(byte), '');
}

/** Whether the bytes are printable text. */
function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  return head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13) && isUtf8(head);
}

/** A character at the end may be cut. */
function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
