/** An avatar's file that cannot be used; the message says what to do about it. */
export class AvatarError extends Error {
  override readonly name = 'AvatarError';
}
