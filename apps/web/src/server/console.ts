import { ApiProblem, type Client } from '@suanxiang/contract/client';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import type { Me, MeOrganization, Organization, Project } from '@/api/types';
import { paths } from '@/nav/paths';
import { serverClient } from './api';
import { readToken } from './session';

/** Sends the visitor to sign in and back here afterwards. */
export async function redirectToSignIn(signInPath: string = paths.signIn): Promise<never> {
  const here = (await headers()).get('x-console-path');
  redirect(here ? `${signInPath}?next=${encodeURIComponent(here)}` : signInPath);
}

/** The signed-in person, asked once per request; null when there is no valid session. */
export const readMe = cache(async (): Promise<Me | null> => {
  const token = await readToken('tenant');
  if (!token) return null;
  try {
    return await (await serverClient(token, null)).call('getMe', {});
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 401) return null;
    throw error;
  }
});

export interface ConsoleScope {
  me: Me;
  membership: MeOrganization;
  organization: Organization;
  projects: Project[];
  api: Client;
}

/** Opens an organisation for the signed-in person: sign-in page without a session, "not found" without membership. */
export const openOrganization = cache(async (orgSlug: string): Promise<ConsoleScope> => {
  const me = await readMe();
  if (!me) return redirectToSignIn();
  const membership = me.organizations.find((candidate) => candidate.slug === orgSlug);
  if (!membership) notFound();
  const api = await serverClient(await readToken('tenant'), membership.id);
  const [organization, projects] = await Promise.all([
    api.call('getOrganization', { params: { organization_id: membership.id } }),
    // Who has a role in no project yet sees none.
    membership.permissions.includes('project.read')
      ? api.call('listProjects', { query: { limit: 100 } })
      : { items: [] },
  ]).catch((error: unknown) => {
    // The way out of this refusal is a page: there a second factor is added.
    if (error instanceof ApiProblem && error.problem.code === 'mfa_required') {
      redirect(`${paths.accountSecurity}?required=1`);
    }
    throw error;
  });
  return { me, membership, organization, projects: projects.items, api };
});
