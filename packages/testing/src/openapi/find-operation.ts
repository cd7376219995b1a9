/** A parameter with the JSON pointer of its description. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  pointer: string;
}

/** What the document says of one status of an operation. */
export interface Response {
  /** By name in lower case. */
  headers: Map<string, { required: boolean }>;
  /** JSON pointer of the schema by media type. */
  content: Map<string, string>;
}

export interface Operation {
  id: string;
  parameters: Parameter[];
  /** Values of the path's parameters in this request. */
  path: Record<string, string>;
  bodyPointer: string | null;
  responses: Map<number, Response>;
}

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape, looked at place by place.
type Node = any;

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');
/** A pointer is part of a URI where it is used as a reference. */
const pointerOf = (parts: readonly string[]) => parts.map((part) => `/${encodeURIComponent(escaped(part))}`).join('');

/** A place in the document after following its reference, if it is one. */
function resolve(document: Node, parts: readonly string[]): { parts: string[]; node: Node } {
  const node = parts.reduce<Node>((at, part) => at?.[part], document);
  if (typeof node?.$ref !== 'string') return { parts: [...parts], node };
  return resolve(
    document,
    node.$ref
      .slice(2)
      .split('/')
      .map((part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}

function parametersOf(document: Node, where: readonly string[], operation: Node): Parameter[] {
  return (operation.parameters ?? []).map((_: Node, index: number) => {
    const { parts, node } = resolve(document, [...where, 'parameters', String(index)]);
    return { name: node.name, in: node.in, required: node.required === true, pointer: pointerOf(parts) };
  });
}

function responseOf(document: Node, where: readonly string[]): Response {
  const { parts, node } = resolve(document, where);
  const headers = Object.keys(node.headers ?? {}).map((name) => {
    const header = resolve(document, [...parts, 'headers', name]).node;
    return [name.toLowerCase(), { required: header.required === true }] as const;
  });
  const content = Object.keys(node.content ?? {}).map(
    (type) => [type, pointerOf([...parts, 'content', type, 'schema'])] as const,
  );
  return { headers: new Map(headers), content: new Map(content) };
}

function responsesOf(document: Node, where: readonly string[], operation: Node): Map<number, Response> {
  return new Map(
    Object.keys(operation.responses).map((status) => [
      Number(status),
      responseOf(document, [...where, 'responses', status]),
    ]),
  );
}

/** Finds the operation that a request is for. Paths without parameters win over those with; HEAD is GET. */
export function createOperationFinder(document: Node): (method: string, url: string) => Operation | null {
  const paths = Object.keys(document.paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((template) => {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
      const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '([^/]*)');
      return { template, names, pattern: new RegExp(`^${pattern}$`) };
    });
  const known = new Map<string, Omit<Operation, 'path'>>();

  return (method, url) => {
    const pathname = url.split('?')[0]!;
    const verb = (method === 'HEAD' ? 'GET' : method).toLowerCase();
    for (const { template, names, pattern } of paths) {
      const match = pattern.exec(pathname);
      const operation = document.paths[template][verb];
      if (!match || !operation) continue;
      const where = ['paths', template, verb];
      const facts = known.get(`${verb} ${template}`) ?? {
        id: operation.operationId as string,
        parameters: parametersOf(document, where, operation),
        bodyPointer: operation.requestBody
          ? pointerOf([...where, 'requestBody', 'content', 'application/json', 'schema'])
          : null,
        responses: responsesOf(document, where, operation),
      };
      known.set(`${verb} ${template}`, facts);
      return { ...facts, path: Object.fromEntries(names.map((name, at) => [name, decode(match[at + 1]!)])) };
    }
    return null;
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
