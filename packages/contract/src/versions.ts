/**
 * Dated versions of the public API that this server speaks, oldest first. Inside a version changes only add. A key keeps
 * the version that was newest when it was created; the header Api-Version asks for another one for a single request.
 */
export const API_VERSIONS = ['2026-11-01'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

export const NEWEST_API_VERSION: ApiVersion = API_VERSIONS.at(-1)!;

/** True when text names a version that this server speaks. */
export function isApiVersion(text: string): text is ApiVersion {
  return (API_VERSIONS as readonly string[]).includes(text);
}
