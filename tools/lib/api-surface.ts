import type { Shape } from '@suanxiang/contract/sample';

/** The parts of an OpenAPI document that make up what was promised. */
export interface ApiDocument {
  paths: Record<string, Record<string, SurfaceOperation>>;
  components: { schemas: Record<string, Shape>; parameters: Record<string, SurfaceParameter> };
}
interface SurfaceParameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema: Shape;
}
interface SurfaceOperation {
  parameters: SurfaceParameter[];
  requestBody?: { content: Record<string, { schema: Shape }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Shape }> }>;
}

type Direction = 'in' | 'out';

function typeOf(shape: Shape): string {
  if (shape.$ref) return `-> ${shape.$ref.split('/').at(-1)}`;
  const choices = shape.anyOf ?? shape.allOf;
  if (choices) return choices.map(typeOf).sort().join(' | ');
  return [Array.isArray(shape.type) ? shape.type.join(' | ') : (shape.type ?? 'any'), shape.format]
    .filter(Boolean)
    .join(' ');
}

/** What is promised about a value: its type, the values of a closed list, and the same of what it holds. */
function factsOf(direction: Direction, where: string, shape: Shape): string[] {
  const facts = [`${direction} ${where}: ${typeOf(shape)}`];
  for (const value of shape.enum ?? []) facts.push(`${direction} ${where} = ${JSON.stringify(value)}`);
  const required = new Set(shape.required ?? []);
  for (const [name, field] of Object.entries(shape.properties ?? {})) {
    facts.push(...factsOf(direction, `${where}.${name}`, field));
    if (required.has(name)) facts.push(`${direction === 'in' ? 'required' : 'always'} ${where}.${name}`);
  }
  if (shape.items) facts.push(...factsOf(direction, `${where}[]`, shape.items));
  for (const choice of shape.anyOf ?? []) if (choice.properties) facts.push(...factsOf(direction, where, choice));
  return facts;
}

function factsOfOperation(document: ApiDocument, name: string, operation: SurfaceOperation): string[] {
  const parameters = operation.parameters.flatMap((given) => {
    const one = given.$ref ? document.components.parameters[given.$ref.split('/').at(-1)!]! : given;
    const where = `${name} ${one.in}.${one.name}`;
    return [...factsOf('in', where, one.schema), ...(one.required ? [`required ${where}`] : [])];
  });
  const body = operation.requestBody?.content['application/json']?.schema;
  const responses = Object.entries(operation.responses).flatMap(([status, response]) => {
    const [media] = Object.entries(response.content ?? {});
    const shape = media && !response.$ref ? factsOf('out', `${name} ${status}`, media[1].schema) : [];
    return [`status ${name} ${status}`, ...shape];
  });
  return [`operation ${name}`, ...parameters, ...(body ? factsOf('in', `${name} body`, body) : []), ...responses];
}

/** Everything that a client may rely on, one fact a line. */
export function apiSurface(document: ApiDocument): string[] {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      factsOfOperation(document, `${method.toUpperCase()} ${path}`, operation),
    ),
  );
  const schemas = Object.entries(document.components.schemas).flatMap(([name, shape]) => factsOf('out', name, shape));
  return [...new Set([...operations, ...schemas])].sort();
}

/** Facts whose end breaks a client. A refusal that can no longer happen, or a value never answered again, breaks none. */
const isPromise = (fact: string) => /^(operation|in|always) |^out (?!.* = )|^status .* [23]\d\d$/.test(fact);
const operationOf = (fact: string) => / ([A-Z]+ \/\S+)/.exec(fact)?.[1];

/** What would break clients of the promised surface; empty when everything that was added is only more. */
export function breakingChanges(promised: readonly string[], present: readonly string[]): string[] {
  const [before, now] = [new Set(promised), new Set(present)];
  const gone = promised.filter((fact) => isPromise(fact) && !now.has(fact)).map((fact) => `gone: ${fact}`);
  const demanded = present
    .filter((fact) => fact.startsWith('required ') && !before.has(fact) && before.has(`operation ${operationOf(fact)}`))
    .map((fact) => `new demand: ${fact}`);
  return [...gone, ...demanded];
}
