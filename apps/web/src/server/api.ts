import { type Client, createClient } from '@suanxiang/contract/client';
import { readWebConfig } from './config';
import { requestLanguage } from './language';

/** A client of the API for rendering on the server, acting as the bearer of the token in one organisation. */
export async function serverClient(token: string | null, organizationId: string | null): Promise<Client> {
  const language = await requestLanguage();
  return createClient({
    baseUrl: readWebConfig().apiUrl,
    token: () => token,
    organizationId: () => organizationId,
    headers: { 'accept-language': language },
    fetch: (input, init) => fetch(input, { ...init, cache: 'no-store' }),
  });
}
