import type { project } from '@suanxiang/contract/schemas/identity';
import type { z } from 'zod';

export interface ProjectRow {
  id: string;
  slug: string;
  name: string;
  created_at: Date;
}

/** A project as the API shows it. */
export function projectAnswer(row: ProjectRow): z.input<typeof project> {
  return { id: row.id, slug: row.slug, name: row.name, created_at: row.created_at.toISOString() };
}
