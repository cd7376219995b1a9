import type { Bilingual } from '@suanxiang/domain/locale';
import { serverClient } from './api';

/** Names of accelerator models and regions by id, for pages that only need to say them. */
export interface CatalogueNames {
  accelerators: Record<string, Bilingual>;
  regions: Record<string, Bilingual>;
}

const KEEP_MS = 60_000;
let kept: { atMs: number; names: CatalogueNames } | null = null;

/** The names, asked at most once a minute: they are public and hardly ever change. Empty when the API does not answer. */
export async function catalogueNames(nowMs: number): Promise<CatalogueNames> {
  if (kept && nowMs - kept.atMs < KEEP_MS) return kept.names;
  const api = await serverClient(null, null);
  try {
    const [accelerators, regions] = await Promise.all([api.call('listAccelerators', {}), api.call('listRegions', {})]);
    const names = {
      accelerators: Object.fromEntries(accelerators.items.map(({ id, name }) => [id, name])),
      regions: Object.fromEntries(regions.items.map(({ id, name }) => [id, name])),
    };
    kept = { atMs: nowMs, names };
    return names;
  } catch {
    return kept?.names ?? { accelerators: {}, regions: {} };
  }
}
