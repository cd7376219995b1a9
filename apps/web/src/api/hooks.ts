'use client';
import type { CallInput, CallOutput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { type ApiError, callApi } from './browser-client';
import { queryKeyOf } from './query-key';
import { withProof } from './step-up';

/** The organisation that calls of this part of the page act in; null on the operator plane and on public pages. */
export const OrganizationIdContext = createContext<string | null>(null);

export interface ApiQueryOptions<T> {
  enabled?: boolean;
  /** Milliseconds between looks while the page is visible; false or absent = only on demand. */
  pollMs?: number | false | ((data: T | undefined) => number | false);
  /** Shows the answer before while the next one loads (paging, filters). */
  keepPrevious?: boolean;
}

/** Reads an operation. Polling pauses while the tab is hidden. */
export function useApi<Id extends OperationId>(
  operationId: Id,
  input: CallInput<Id>,
  options: ApiQueryOptions<CallOutput<Id>> = {},
): UseQueryResult<CallOutput<Id>, ApiError> {
  const organizationId = useContext(OrganizationIdContext);
  const { pollMs, keepPrevious, enabled } = options;
  return useQuery<CallOutput<Id>, ApiError>({
    queryKey: queryKeyOf(organizationId, operationId, input),
    queryFn: ({ signal }) => callApi(operationId, { ...input, signal }, organizationId),
    enabled: enabled ?? true,
    refetchInterval: (query) => (typeof pollMs === 'function' ? pollMs(query.state.data) : (pollMs ?? false)),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Calls an operation that changes something; then what `stale` names is read again. */
export function useApiMutation<Id extends OperationId>(
  operationId: Id,
  stale: readonly OperationId[] = [],
): UseMutationResult<CallOutput<Id>, ApiError, CallInput<Id>> {
  const organizationId = useContext(OrganizationIdContext);
  const queryClient = useQueryClient();
  return useMutation<CallOutput<Id>, ApiError, CallInput<Id>>({
    mutationFn: (input) => withProof(() => callApi(operationId, input, organizationId)),
    onSuccess: () =>
      queryClient.invalidateQueries({ predicate: (query) => stale.includes(query.queryKey[1] as OperationId) }),
  });
}
