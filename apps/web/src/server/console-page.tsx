import { ApiProblem, type CallInput, type CallOutput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { queryKeyOf } from '@/api/query-key';
import type { Project } from '@/api/types';
import { RefusedState } from '@/ui/refused-state';
import { type ConsoleScope, openOrganization, redirectToSignIn } from './console';

export interface PageProps {
  params: Promise<Record<string, string>>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export interface ConsolePageContext extends ConsoleScope {
  params: Record<string, string>;
  search: Record<string, string | undefined>;
  /** The project of the address, or null on pages of the organisation. */
  project: Project | null;
  /** Reads an operation and hands its answer to the browser's cache, so that the first paint is complete. */
  load: <Id extends OperationId>(operationId: Id, input: CallInput<Id>) => Promise<CallOutput<Id>>;
  /** The same where the page can do without: a refusal leaves the browser to ask and to show why. */
  preload: <Id extends OperationId>(operationId: Id, input: CallInput<Id>) => Promise<void>;
}

/**
 * Wraps every page of the tenant side: asks the API who is signed in, resolves organisation and project, renders refusals
 * as what they are. A test lists the page files and fails for one that does not go through here.
 */
export function consolePage(render: (context: ConsolePageContext) => Promise<ReactNode>) {
  return async function page(props: PageProps): Promise<ReactNode> {
    const [params, rawSearch] = await Promise.all([props.params, props.searchParams]);
    const scope = await openOrganization(params.org ?? '');
    const project = params.project ? scope.projects.find(({ slug }) => slug === params.project) : null;
    if (project === undefined) notFound();
    const cache = new QueryClient();
    const load: ConsolePageContext['load'] = async (operationId, input) => {
      const answer = await scope.api.call(operationId, input);
      cache.setQueryData(queryKeyOf(scope.membership.id, operationId, input), answer);
      return answer;
    };
    const preload: ConsolePageContext['preload'] = async (operationId, input) => {
      await load(operationId, input).catch((error: unknown) => {
        if (!(error instanceof ApiProblem) || error.problem.status === 401) throw error;
      });
    };
    const search = Object.fromEntries(
      Object.entries(rawSearch).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    );
    try {
      const content = await render({ ...scope, params, search, project, load, preload });
      return <HydrationBoundary state={dehydrate(cache)}>{content}</HydrationBoundary>;
    } catch (error) {
      return renderRefusal(error, redirectToSignIn);
    }
  };
}

/** What a page shows instead when the API refuses it; anything but a problem document is thrown on. */
export async function renderRefusal(error: unknown, toSignIn: () => Promise<never>): Promise<ReactNode> {
  if (!(error instanceof ApiProblem)) throw error;
  const { problem } = error;
  if (problem.status === 401) return toSignIn();
  if (problem.status === 404) notFound();
  // A path parameter that cannot be an id names nothing.
  if (problem.status === 400 && problem.errors?.some(({ pointer }) => pointer.startsWith('/path/'))) notFound();
  const here = (await headers()).get('x-console-path') ?? '';
  return <RefusedState problem={problem} here={here} />;
}
