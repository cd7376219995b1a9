/**
 * True when a mutation comes from the console's own pages. Sec-Fetch-Site cannot be set by scripts; where it is missing
 * (old browsers), Origin must name the host that was asked. A request with neither is refused.
 */
export function isSameOriginMutation(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site) return site === 'same-origin';
  const origin = headers.get('origin');
  const host = headers.get('x-forwarded-host') ?? headers.get('host');
  if (!origin || !host) return false;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
