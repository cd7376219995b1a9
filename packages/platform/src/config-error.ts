/** A setting that a person must correct. The message is one sentence that says what and how. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
