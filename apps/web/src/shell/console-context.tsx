'use client';
import type { Bilingual } from '@suanxiang/domain/locale';
import type { Permission } from '@suanxiang/domain/permissions';
import { useParams } from 'next/navigation';
import { createContext, type ReactNode, useContext } from 'react';
import type { Me, MeOrganization, Organization, Project } from '@/api/types';

export interface ConsoleValue {
  me: Me;
  /** The organisation as the person sees it: role and permissions. */
  membership: MeOrganization;
  organization: Organization;
  projects: readonly Project[];
  /** Where project links lead on pages of the organisation. */
  defaultProject: string;
  publicApiUrl: string;
  /** Names of accelerator models and regions by id. */
  names: { accelerators: Record<string, Bilingual>; regions: Record<string, Bilingual> };
}

const Context = createContext<ConsoleValue | null>(null);

export function ConsoleContextProvider({ value, children }: { value: ConsoleValue; children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

/** Who acts, where. `project` is that of the address, or the last one used. */
export function useConsole() {
  const value = useContext(Context);
  if (!value) throw new Error('useConsole needs a ConsoleContextProvider');
  const params = useParams<{ project?: string }>();
  const projectSlug = params.project ?? value.defaultProject;
  const project = value.projects.find((candidate) => candidate.slug === projectSlug) ?? value.projects[0];
  return {
    ...value,
    orgSlug: value.organization.slug,
    projectSlug: project?.slug ?? projectSlug,
    project,
    currency: value.organization.currency,
    /** True when the person may do this here. The API decides again at every call. */
    can: (permission: Permission) => value.membership.permissions.includes(permission),
  };
}
