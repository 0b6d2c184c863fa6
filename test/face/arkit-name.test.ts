import { describe, expect, it } from 'vitest';
import { arkitName } from '../../src/face/arkit-name';
import { EXPRESSION_NAMES } from '../../src/face/types';

describe('names of morph targets', () => {
  it('AV1 knows every name as ARKit, with prefixes, in other cases and with short sides', () => {
    for (const name of EXPRESSION_NAMES) {
      const short = name.replace(/Left$/, '_L').replace(/Right$/, '_R');
      const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const spelled = [name, name.toUpperCase(), short, `blendShape1.${short}`, `Head_blendShape:${name}`, snake];
      expect(spelled.map(arkitName)).toEqual(spelled.map(() => name));
    }
  });

  it('AV1 takes halves of one shape for the whole', () => {
    expect(arkitName('browInnerUp_L')).toBe('browInnerUp');
    expect(arkitName('cheekPuffRight')).toBe('cheekPuff');
  });

  it('AV1 leaves alone what is another shape or a correction of several', () => {
    for (const other of ['Smile', 'viseme_aa', 'eyesClosed', 'mouthOpen', '', 'Left', 'jawOpen_mouthClose']) {
      expect(arkitName(other)).toBeNull();
    }
  });
});
