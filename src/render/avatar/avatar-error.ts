/** An avatar file that cannot be used. The message is for the user and names a remedy. */
export class AvatarError extends Error {
  override readonly name = 'AvatarError';
}
