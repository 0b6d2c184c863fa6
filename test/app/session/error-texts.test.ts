import { describe, expect, it } from 'vitest';
import { errorText } from '../../../src/app/session/error-texts';
import { CameraError, type CameraReason } from '../../../src/capture/camera-error';

const REASONS: readonly CameraReason[] = ['denied', 'none', 'in-use', 'insecure', 'unplugged', 'constraint', 'other'];

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

describe('error texts', () => {
  it.each(REASONS)('A4 has a title and remedies for a camera error: %s', (reason) => {
    const { code, title, text, remedies } = errorText(new CameraError(reason));
    expect(code).toBe(`camera-${reason}`);
    expect(title.length).toBeGreaterThan(5);
    expect(text).toBe(new CameraError(reason).message);
    expect(remedies.length).toBeGreaterThan(0);
    expect(remedies).toContain('sample');
  });

  it('A4 does not offer to retry where the address cannot use the camera', () => {
    expect(errorText(new CameraError('insecure')).remedies).not.toContain('retry');
  });

  it.each([
    ['VideoFileError', 'file'],
    ['ImageError', 'file'],
    ['FileError', 'file'],
    ['BundleError', 'reload'],
    ['FaceModelError', 'reload'],
    ['DeviceLostError', 'reload'],
    ['StageLostError', 'reload'],
    ['EngineError', 'reload'],
    ['WorkerError', 'retry'],
  ])('A4 has a remedy for %s', (name, remedy) => {
    const { code, text, remedies } = errorText(named(name, 'It broke.'));
    expect(code).toBe(name);
    expect(text.startsWith('It broke.')).toBe(true);
    expect(remedies).toContain(remedy);
  });

  it.each([[named('Whatever', 'odd')], ['odd'], [undefined]])('A4 shows an unknown error: %s', (thrown) => {
    const { title, text, remedies } = errorText(thrown);
    expect(title).toBe('An unexpected error occurred');
    expect(text).toContain(thrown === undefined ? 'undefined' : 'odd');
    expect(remedies).toEqual(['reload']);
  });
});
