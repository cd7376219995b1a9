import { jsonSchema } from '@suanxiang/contract/openapi-schema';
import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import type { Shape } from '@suanxiang/contract/sample';
import { sdkNameOf } from '@suanxiang/contract/sdk-names';

/** A type of the contract, before it is written in one language. */
export type SdkType =
  | { kind: 'text' | 'decimal' | 'time' | 'integer' | 'number' | 'boolean' | 'json' }
  | { kind: 'literal'; values: readonly (string | number | boolean)[] }
  | { kind: 'list' | 'map' | 'nullable'; of: SdkType }
  | { kind: 'union'; of: readonly SdkType[] }
  | { kind: 'named'; name: string };

export interface SdkField {
  name: string;
  type: SdkType;
  required: boolean;
  doc: string;
}

/** An object with fields, or (`alias`) another name for a type. */
export type SdkModel = { name: string; input: boolean } & ({ fields: SdkField[] } | { alias: SdkType });

export type SdkResult =
  | { kind: 'none' | 'bytes' | 'events' }
  | { kind: 'value'; type: SdkType }
  | { kind: 'page'; item: SdkType };

export interface SdkCall {
  route: Route;
  group: readonly string[] | null;
  method: readonly string[];
  /** Parameters of the path, in its order. */
  path: SdkField[];
  query: SdkField[];
  /** null: the request has no body. */
  body: SdkField[] | null;
  result: SdkResult;
}

export interface SdkContract {
  models: SdkModel[];
  calls: SdkCall[];
}

type Schema = NonNullable<Route['body']>;

const pascal = (text: string) =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** A pattern that takes amounts and no words. */
function isDecimal(pattern: string): boolean {
  const expression = new RegExp(pattern, 'u');
  return (
    ['7', '12.5'].every((text) => expression.test(text)) && !['a', '7-5', '2026-01-01'].some((t) => expression.test(t))
  );
}

/** Reads schemas of one direction; models that they need are added to `models`, each once. */
class Reader {
  private readonly components = new Map<string, Shape>();
  private readonly read = new Map<string, SdkType>();

  constructor(
    private readonly models: SdkModel[],
    private readonly input: boolean,
  ) {}

  /** The fields of a schema that is an object; none where there is no schema. */
  fieldsOf(schema: Schema | null, place: string): SdkField[] {
    return schema === null ? [] : this.fields(this.resolve(this.shapeOf(schema)), place);
  }

  typeOf(schema: Schema, place: string): SdkType {
    return this.type(this.shapeOf(schema), place);
  }

  /** The shape of a schema, a name looked up. */
  resolve(shape: Shape): Shape {
    return shape.$ref ? this.components.get(nameIn(shape.$ref))! : shape;
  }

  shapeOf(schema: Schema): Shape {
    return jsonSchema(schema, this.input ? 'input' : 'output', this.components);
  }

  type(shape: Shape, place: string): SdkType {
    if (shape.$ref) return this.named(nameIn(shape.$ref));
    if (shape.const !== undefined) return { kind: 'literal', values: [shape.const as string] };
    if (shape.enum) return { kind: 'literal', values: shape.enum as string[] };
    if (shape.anyOf) return this.union(shape.anyOf, place);
    if (Array.isArray(shape.type))
      return this.union(
        shape.type.map((type) => ({ ...shape, type })),
        place,
      );
    switch (shape.type) {
      case 'object':
        return this.object(shape, place);
      case 'array':
        return { kind: 'list', of: this.type(shape.items ?? {}, place.replace(/s$/, '')) };
      case 'integer':
      case 'number':
      case 'boolean':
        return { kind: shape.type };
      case 'string':
        if (shape.format === 'date-time') return { kind: 'time' };
        return { kind: shape.pattern && isDecimal(shape.pattern) ? 'decimal' : 'text' };
      default:
        return { kind: 'json' };
    }
  }

  private union(shapes: readonly Shape[], place: string): SdkType {
    const some = shapes.filter(({ type }) => type !== 'null').map((shape) => this.type(shape, place));
    const literal = some.every((type) => type.kind === 'literal');
    const distinct = [...new Map(some.map((type) => [JSON.stringify(type), type])).values()];
    const of: SdkType = literal
      ? { kind: 'literal', values: some.flatMap((type) => (type.kind === 'literal' ? type.values : [])) }
      : distinct.length === 1
        ? distinct[0]!
        : { kind: 'union', of: distinct };
    return some.length < shapes.length ? { kind: 'nullable', of } : of;
  }

  private object(shape: Shape, place: string): SdkType {
    if (shape.properties) return this.add(place, shape);
    const { additionalProperties: item } = shape;
    return { kind: 'map', of: typeof item === 'object' ? this.type(item, place.replace(/s$/, '')) : { kind: 'json' } };
  }

  private named(name: string): SdkType {
    const known = this.read.get(name);
    if (known) return known;
    const shape = this.components.get(name)!;
    return this.add(this.input && shape.properties ? `${name}Input` : name, shape, name);
  }

  /** Names a type; one that several places name the same way is written once. */
  private add(name: string, shape: Shape, component?: string): SdkType {
    const type: SdkType = { kind: 'named', name };
    if (component) this.read.set(component, type);
    const model: SdkModel = shape.properties
      ? { name, input: this.input, fields: this.fields(shape, name) }
      : { name, input: this.input, alias: this.type(shape, name) };
    const same = this.models.find((other) => other.name === name);
    if (!same) this.models.push(model);
    else if (JSON.stringify({ ...same, input: 0 }) !== JSON.stringify({ ...model, input: 0 }))
      throw new Error(`Two different types of the contract would be called ${name} in the clients.`);
    return type;
  }

  private fields(shape: Shape, place: string): SdkField[] {
    const required = new Set(shape.required ?? []);
    return Object.entries(shape.properties ?? {}).map(([name, field]) => ({
      name,
      type: this.type(field, place + pascal(name)),
      required: required.has(name),
      doc: field.description ?? '',
    }));
  }
}

const nameIn = (ref: string) => ref.slice('#/components/schemas/'.length);

/** A query says `true` and `false` as words; languages have truth values, which are written the same way. */
function asFlag(field: SdkField): SdkField {
  const { type } = field;
  const isFlag = type.kind === 'literal' && [...type.values].sort().join() === 'false,true';
  return isFlag ? { ...field, type: { kind: 'boolean' } } : field;
}

function resultOf(route: Route, reader: Reader): SdkResult {
  const { schema, contentType } = route.response;
  if (contentType === 'text/event-stream') return { kind: 'events' };
  if (schema === null) return { kind: contentType === 'application/json' ? 'none' : 'bytes' };
  const place = `${pascal(route.operationId)}Result`;
  const { properties = {} } = reader.resolve(reader.shapeOf(schema));
  const { items, next_cursor: next } = properties;
  if (items?.items && next) return { kind: 'page', item: reader.type(items.items, place.replace(/Result$/, 'Item')) };
  return { kind: 'value', type: reader.typeOf(schema, place) };
}

/** Logs are read by their cursors in programs: a stream of pages would say the same. */
const isLogStream = ({ path }: Route) => path.endsWith('/logs/stream');

/** Everything that tenants and their programs may call; the operator plane has other people and other credentials. */
export function sdkContract(): SdkContract {
  const models: SdkModel[] = [];
  const output = new Reader(models, false);
  const input = new Reader(models, true);
  const routes = (ROUTES as readonly Route[]).filter(
    (route) => route.tag !== 'Operator' && route.auth !== 'operator' && !isLogStream(route),
  );
  const calls = routes.map((route) => {
    const place = pascal(route.operationId);
    const path = input.fieldsOf(route.params, place);
    const order = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    return {
      route,
      ...sdkNameOf(route),
      path: order.map((name) => path.find((field) => field.name === name)!),
      query: input.fieldsOf(route.query, place).map(asFlag),
      body: route.body && input.fieldsOf(route.body, place),
      result: resultOf(route, output),
    };
  });
  return { models, calls };
}
