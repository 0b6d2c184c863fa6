import { readVrm } from '../vrm-file';
import type { CheckRequest, CheckResult } from './check-protocol';
import { readAvatarFile } from './glb-file';

addEventListener('message', ({ data: { bytes, name } }: MessageEvent<CheckRequest>) => {
  postMessage(check(bytes, name));
});

function check(bytes: ArrayBuffer, name: string): CheckResult {
  try {
    return { vrm: readVrm(readAvatarFile(bytes, name)) };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}
