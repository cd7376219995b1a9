import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { RESERVED_PROJECT_SLUGS } from '@suanxiang/domain/reserved-slugs';
import { mutate } from '../access/mutate';
import { slugCandidates } from '../organization/slug';
import type { UseCase } from '../use-case';
import { type ProjectRow, projectAnswer } from './project-answer';

/**
 * Inserts a project, with the given name for URLs or one made from its name. Null when the given one is taken.
 */
export async function insertProject(
  sql: Sql,
  input: { orgId: string; name: string; slug: string | null; nowMs: number },
): Promise<ProjectRow | null> {
  const id = mintId('project', input.nowMs);
  const candidates = input.slug ? [input.slug] : slugCandidates(input.name, 'project', RESERVED_PROJECT_SLUGS);
  for (const slug of candidates) {
    const [row] = await sql<ProjectRow>`
      INSERT INTO project (id, org_id, slug, name) VALUES (${id}, ${input.orgId}, ${slug}, ${input.name})
      ON CONFLICT (org_id, slug) DO NOTHING RETURNING id, slug, name, created_at`;
    if (row) return row;
  }
  return null;
}

export const createProject: UseCase<'createProject'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'project.create', async (sql) => {
    if (body.slug && RESERVED_PROJECT_SLUGS.has(body.slug)) {
      throw new ProblemError('name_taken', `"${body.slug}" is the name of a page of the console.`, {
        suggestion: 'Choose another slug, or leave it out.',
        errors: [{ pointer: '/body/slug', code: 'reserved', detail: 'Is a page of the console.' }],
      });
    }
    const row = await insertProject(sql, {
      orgId: principal.orgId,
      name: body.name,
      slug: body.slug ?? null,
      nowMs: meta.nowMs,
    });
    if (!row) {
      throw new ProblemError('name_taken', `There is a project "${body.slug}" already.`, {
        suggestion: 'Choose another slug, or leave it out.',
        errors: [{ pointer: '/body/slug', code: 'taken', detail: 'Is taken in this organization.' }],
      });
    }
    return { answer: projectAnswer(row), resource: row.id, detail: { name: row.name } };
  });
