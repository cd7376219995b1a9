import type { OperationId } from '@suanxiang/contract/routes';

/** Key of an answer in the query cache; the server fills the same keys before the page reaches the browser. */
export function queryKeyOf(organizationId: string | null, operationId: OperationId, input: object) {
  const { params, query } = input as { params?: object; query?: object };
  return [organizationId, operationId, params ?? {}, query ?? {}] as const;
}
