import { type Client, createClient } from '@suanxiang/contract/client';
import { readWebConfig } from './config';

/** A client of the API for rendering on the server, acting as the bearer of the token in one organisation. */
export function serverClient(token: string | null, organizationId: string | null): Client {
  return createClient({
    baseUrl: readWebConfig().apiUrl,
    token: () => token,
    organizationId: () => organizationId,
    fetch: (input, init) => fetch(input, { ...init, cache: 'no-store' }),
  });
}
