import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';

const ITEM_PATHS = new Set((ROUTES as readonly Route[]).map((route) => route.path.replace(/\{\w+\}$/, '{}')));

/** Path of what a create has created, when it has one of its own. */
export function locationOf(route: Route, body: unknown): string | null {
  if (route.response.status !== 201) return null;
  const collection = route.path.replace(/\/\{.*$/, '');
  if (!ITEM_PATHS.has(`${collection}/{}`)) return null;
  const found = body as Record<string, unknown>;
  const first = Object.values(found)[0] as { id?: unknown } | undefined;
  const id = typeof found.id === 'string' ? found.id : first?.id;
  return typeof id === 'string' ? `${collection}/${id}` : null;
}
