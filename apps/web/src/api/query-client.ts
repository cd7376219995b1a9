import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './browser-client';

/** The cache of one browser tab. `onSignedOut` is called when the API no longer knows the session. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const watch = (error: unknown) => {
    if (error instanceof ApiError && error.problem.status === 401) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        // What the server has just rendered is not fetched again at once.
        staleTime: 4_000,
        retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.problem.retryable === true),
        refetchOnWindowFocus: true,
      },
    },
  });
}
