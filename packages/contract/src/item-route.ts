import type { Route } from './route';
import { ROUTES } from './routes';

const reads = new Map(
  (ROUTES as readonly Route[]).filter((route) => route.method === 'GET').map((route) => [route.path, route]),
);

/** The route that reads the single resource that a route is about, or null: the path up to its last parameter. */
export function itemRouteOf(route: Route): Route | null {
  const path = /^.*\{\w+\}/.exec(route.path)?.[0];
  return (path && reads.get(path)) || null;
}

/** True for changes that honour If-Match: those of one resource of a tenant that can be read on its own. */
export function takesIfMatch(route: Route): boolean {
  return route.auth !== 'operator' && route.ifMatch && route.method !== 'GET' && itemRouteOf(route) !== null;
}

/** True when a route answers with what reading the single resource would answer, so that the entity tag is the same. */
export function answersItem(route: Route): boolean {
  const schema = route.response.schema;
  if (schema === null) return false;
  if (route.method === 'GET') return true;
  const item = itemRouteOf(route) ?? [...reads.values()].find(({ path }) => isItemOf(path, route.path)) ?? null;
  return item?.response.schema === schema;
}

function isItemOf(path: string, collection: string): boolean {
  return path.startsWith(`${collection}/{`) && path.endsWith('}') && path.lastIndexOf('/') === collection.length;
}
