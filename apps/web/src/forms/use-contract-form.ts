'use client';
import { type FormEvent, type RefObject, useRef, useState } from 'react';
import type { z } from 'zod';
import { ApiError } from '@/api/browser-client';

/** Why a field was refused: `rule` by the contract's schema (said by the form itself), `api` by the API, in its words. */
export type FieldProblem = { by: 'rule' } | { by: 'api'; detail: string };

interface Options<Body> {
  /** The contract's schema. It is fetched at the first submit, so that zod is not part of a page's first load. */
  schema: () => Promise<z.ZodType<unknown, Body>>;
  /** Makes the request body from what the fields hold. */
  body: (fields: Record<string, string>) => Body;
  /** Sends it. A refusal that names fields is shown there; any other is left in `error`. */
  send: (body: Body) => Promise<unknown>;
}

export interface ContractForm {
  ref: RefObject<HTMLFormElement | null>;
  problems: Readonly<Record<string, FieldProblem>>;
  /** A refusal that belongs to no field. */
  error: unknown;
  busy: boolean;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** Text of a field's problem: the API's words, or the form's own rule. */
  problemOf: (field: string, rule: string) => string | undefined;
}

/**
 * A form over a schema of the contract. Fields are plain uncontrolled inputs with a `name`; the state that React keeps is
 * only what went wrong. Errors focus the first field; values stay as typed.
 */
export function useContractForm<Body>({ schema, body, send }: Options<Body>): ContractForm {
  const ref = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<Record<string, FieldProblem>>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const refuse = (found: Record<string, FieldProblem>) => {
    setProblems(found);
    const first = [...(ref.current?.elements ?? [])].find((element) => found[(element as HTMLInputElement).name]);
    if (first instanceof HTMLElement) first.focus();
  };

  const submit = async (form: HTMLFormElement) => {
    const input = body(fieldsOf(form));
    const parsed = (await schema()).safeParse(input);
    if (!parsed.success) return refuse(problemsOfIssues(parsed.error.issues));
    try {
      await send(input);
    } catch (caught) {
      const found = problemsOfApi(caught, (name) => form.elements.namedItem(name) !== null);
      if (Object.keys(found).length > 0) refuse(found);
      else setError(caught);
    }
  };

  return {
    ref,
    problems,
    error,
    busy,
    onSubmit: (event) => {
      event.preventDefault();
      if (busy) return;
      setBusy(true);
      setProblems({});
      setError(null);
      void submit(event.currentTarget)
        .catch(setError)
        .finally(() => setBusy(false));
    },
    problemOf: (field, rule) => {
      const problem = problems[field];
      return problem && (problem.by === 'api' ? problem.detail : rule);
    },
  };
}

function fieldsOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** The first issue of each field. */
export function problemsOfIssues(issues: readonly { path: readonly PropertyKey[] }[]): Record<string, FieldProblem> {
  return Object.fromEntries(issues.map((issue) => [String(issue.path[0] ?? ''), { by: 'rule' as const }]));
}

/** Violations of a refused request by field; `name_taken` belongs to the name. Fields the form lacks are left out. */
export function problemsOfApi(caught: unknown, has: (field: string) => boolean): Record<string, FieldProblem> {
  if (!(caught instanceof ApiError)) return {};
  const { problem } = caught;
  const found: [string, FieldProblem][] = (problem.errors ?? []).map(({ pointer, detail }) => [
    pointer.replace(/^\/body\//, '').split('/')[0] ?? '',
    { by: 'api', detail },
  ]);
  if (problem.code === 'name_taken') found.push(['name', { by: 'api', detail: problem.detail }]);
  return Object.fromEntries(found.filter(([field]) => has(field)));
}
