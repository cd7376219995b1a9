import type { CallInput, CallOutput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queryKeyOf } from '@/api/query-key';
import { paths } from '@/nav/paths';
import { serverClient } from './api';
import { redirectToSignIn } from './console';
import { type PageProps, renderRefusal } from './console-page';
import { readToken } from './session';

export interface OperatorPageContext {
  params: Record<string, string>;
  search: Record<string, string | undefined>;
  load: <Id extends OperationId>(operationId: Id, input: CallInput<Id>) => Promise<CallOutput<Id>>;
}

/** Wraps every page of the operator plane: its own cookie, its own principals; the API refuses everybody else. */
export function operatorPage(render: (context: OperatorPageContext) => Promise<ReactNode>) {
  return async function page(props: PageProps): Promise<ReactNode> {
    const [params, rawSearch] = await Promise.all([props.params, props.searchParams]);
    const token = await readToken('operator');
    if (!token) return redirectToSignIn(paths.operatorSignIn);
    const api = await serverClient(token, null);
    const cache = new QueryClient();
    const load: OperatorPageContext['load'] = async (operationId, input) => {
      const answer = await api.call(operationId, input);
      cache.setQueryData(queryKeyOf(null, operationId, input), answer);
      return answer;
    };
    const search = Object.fromEntries(
      Object.entries(rawSearch).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    );
    try {
      const content = await render({ params, search, load });
      return <HydrationBoundary state={dehydrate(cache)}>{content}</HydrationBoundary>;
    } catch (error) {
      return renderRefusal(error, () => redirectToSignIn(paths.operatorSignIn));
    }
  };
}
