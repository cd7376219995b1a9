'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/**
 * List state lives in the address: filters replace it, pages are pushed, so that Back goes a page back. The native
 * history API keeps the change in the browser; the query cache then asks the API for what is missing.
 */
export function useUrlState() {
  const search = useSearchParams();
  const set = useCallback((patch: Record<string, string | null>, how: 'replace' | 'push' = 'replace') => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(patch)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const query = next.toString();
    const address = `${window.location.pathname}${query ? `?${query}` : ''}`;
    if (how === 'push') window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
  }, []);
  return { get: (name: string) => search.get(name) ?? '', set };
}
