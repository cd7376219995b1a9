import { ApiProblem, type CallInput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queryKeyOf } from '@/api/query-key';
import { serverClient } from './api';
import type { PageProps } from './console-page';

export interface PublicPageContext {
  search: Record<string, string | undefined>;
  /** Reads a public operation for the first paint. A failure is left to the browser, which shows it and tries again. */
  preload: <Id extends OperationId>(operationId: Id, input: CallInput<Id>) => Promise<void>;
}

/** Wraps pages that anybody may read: nothing in them depends on who asks. */
export function publicPage(render: (context: PublicPageContext) => Promise<ReactNode>) {
  return async function page(props: PageProps): Promise<ReactNode> {
    const api = await serverClient(null, null);
    const cache = new QueryClient();
    const preload: PublicPageContext['preload'] = async (operationId, input) => {
      try {
        cache.setQueryData(queryKeyOf(null, operationId, input), await api.call(operationId, input));
      } catch (error) {
        if (!(error instanceof ApiProblem) && !(error instanceof TypeError)) throw error;
      }
    };
    const search = Object.fromEntries(
      Object.entries(await props.searchParams).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    );
    const content = await render({ search, preload });
    return <HydrationBoundary state={dehydrate(cache)}>{content}</HydrationBoundary>;
  };
}
