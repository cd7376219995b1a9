import { useEffect, useState } from 'react';

/**
 * The token of the link that opened this page; null without one. It stands behind `#`, which browsers send to no server, and is
 * taken out of the address at once, so that it stays in no history.
 */
export function useLinkToken(): string | null {
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    const found = new URLSearchParams(window.location.hash.slice(1)).get('token');
    if (!found) return;
    setToken(found);
    window.history.replaceState(null, '', window.location.pathname);
  }, []);
  return token;
}
