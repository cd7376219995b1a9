import type { Project } from '@/api/types';

/** The project last used in an organisation according to the cookie "org/project", if it still exists; else the first. */
export function rememberedProject(cookie: string | undefined, orgSlug: string, projects: readonly Project[]): string {
  const [org, project] = (cookie ?? '').split('/');
  const known = org === orgSlug ? projects.find(({ slug }) => slug === project) : undefined;
  return (known ?? projects[0])?.slug ?? 'default';
}
