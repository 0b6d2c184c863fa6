import { EXPRESSION_NAMES, type ExpressionName } from './types';

/** Shapes that some files split into a left and a right half. */
const SPLIT: readonly ExpressionName[] = ['browInnerUp', 'cheekPuff', 'mouthFunnel', 'mouthPucker'];

/** Lower-case spellings and their expressions, the longest first. */
const SPELLINGS: readonly (readonly [string, ExpressionName])[] = EXPRESSION_NAMES.flatMap((name) =>
  spellings(name).map((spelling) => [spelling, name] as const),
).sort(([a], [b]) => b.length - a.length);

/**
 * ARKit's name for a morph target in any common spelling: `eyeBlinkLeft`, `EyeBlink_L`, `eye_blink_left`,
 * `blendShape1.eyeBlinkLeft`. Null for other targets, and for corrective shapes of several expressions.
 */
export function arkitName(target: string): ExpressionName | null {
  const bare = target.toLowerCase().replace(/[^a-z0-9]/g, '');
  const found = SPELLINGS.find(([spelling]) => bare.endsWith(spelling));
  if (!found) return null;
  const [spelling, name] = found;
  const before = bare.slice(0, bare.length - spelling.length);
  return SPELLINGS.some(([other]) => other.length > 6 && before.includes(other)) ? null : name;
}

function spellings(name: ExpressionName): string[] {
  const bare = name.toLowerCase();
  const short = /^(.*)(l)eft$|^(.*)(r)ight$/.exec(bare);
  if (short) return [bare, `${short[1] ?? short[3]}${short[2] ?? short[4]}`];
  return SPLIT.includes(name) ? [bare, ...['l', 'r', 'left', 'right'].map((side) => bare + side)] : [bare];
}
