import { WORKLOAD_STATES, type WorkloadState } from '@suanxiang/domain/workload-state';

export const PAGE_SIZE = 20;

/** What a list of workloads shows: what is alive, everything, or one state. */
export type StateFilter = 'live' | 'all' | WorkloadState;

/** Reads the filter of an address; anything unknown means what is alive. */
export function parseStateFilter(text: string | undefined): StateFilter {
  if (text === 'all') return 'all';
  return WORKLOAD_STATES.includes(text as WorkloadState) ? (text as WorkloadState) : 'live';
}

/** The API's query for an address: the server and the browser build the very same one, so that its answer is shared. */
export function workloadListQuery(
  search: { q?: string | undefined; state?: string | undefined; cursor?: string | undefined },
  projectId: string,
) {
  const filter = parseStateFilter(search.state);
  return {
    project_id: projectId,
    limit: PAGE_SIZE,
    ...(search.q ? { q: search.q } : {}),
    ...(filter === 'live' ? { live: 'true' as const } : filter === 'all' ? {} : { state: filter }),
    ...(search.cursor ? { cursor: search.cursor } : {}),
  };
}
