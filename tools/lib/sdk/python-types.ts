import type { SdkField, SdkModel, SdkType } from './model';

const KEYWORDS = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield self options'.split(
    ' ',
  ),
);

/** A field's name as Python can say it: `from` becomes `from_`, which the decoder takes back. */
export function pythonName(name: string): string {
  if (!/^[a-z]([a-z0-9_]*[a-z0-9])?$/.test(name)) throw new Error(`Python cannot call a field ${name}.`);
  return KEYWORDS.has(name) ? `${name}_` : name;
}

const literal = (value: string | number | boolean) => {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
};

/** How a type is written; `scope` stands before the names of models. What is sent may be said in more than one way. */
export function pythonType(type: SdkType, input: boolean, scope = ''): string {
  const inner = (of: SdkType) => pythonType(of, input, scope);
  switch (type.kind) {
    case 'text':
      return 'str';
    case 'decimal':
      return input ? 'Amount' : 'Decimal';
    case 'time':
      return input ? 'Time' : 'datetime';
    case 'integer':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    case 'json':
      return 'Any';
    case 'literal':
      return `Literal[${type.values.map(literal).join(', ')}]`;
    case 'list':
      return `${input ? 'Sequence' : 'List'}[${inner(type.of)}]`;
    case 'map':
      return `${input ? 'Mapping' : 'Dict'}[str, ${inner(type.of)}]`;
    case 'nullable':
      return `Optional[${inner(type.of)}]`;
    case 'union':
      return `Union[${type.of.map(inner).join(', ')}]`;
    case 'named':
      return scope + type.name;
  }
}

/** A text as a docstring on its own lines. */
export function docstring(text: string, indent: string): string {
  const safe = text.replaceAll('\\', '\\\\').replaceAll('"""', "'''");
  return text === '' ? '' : `${indent}"""${safe}${safe.endsWith('"') ? ' ' : ''}"""\n`;
}

function fieldLines(fields: readonly SdkField[], input: boolean, line: (field: SdkField, type: string) => string) {
  return fields.map((field) => line(field, pythonType(field.type, input)) + docstring(field.doc, '    ')).join('');
}

/** What is answered: a frozen dataclass. Fields that may be missing are None then, and stand last. */
function answerText(name: string, fields: readonly SdkField[]): string {
  const ordered = [...fields].sort((a, b) => Number(b.required) - Number(a.required));
  const lines = fieldLines(ordered, false, (field, type) => {
    const optional = field.type.kind === 'nullable' ? type : `Optional[${type}]`;
    return `    ${pythonName(field.name)}: ${field.required ? type : `${optional} = None`}\n`;
  });
  return `@dataclass(frozen=True)\nclass ${name}:\n${lines}`;
}

/** What is sent inside a request: a dict whose keys are known. */
function inputText(name: string, fields: readonly SdkField[]): string {
  const required = fields.filter((field) => field.required);
  const optional = fields.filter((field) => !field.required);
  const line = ({ name: key }: SdkField, type: string) => {
    if (pythonName(key) !== key) throw new Error(`A dict of Python cannot declare the key ${key}.`);
    return `    ${key}: ${type}\n`;
  };
  if (optional.length === 0) return `class ${name}(TypedDict):\n${fieldLines(required, true, line)}`;
  const base = required.length > 0 ? `_${name}` : 'TypedDict';
  const head = required.length > 0 ? `class ${base}(TypedDict):\n${fieldLines(required, true, line)}\n\n` : '';
  return `${head}class ${name}(${base}, total=False):\n${fieldLines(optional, true, line)}`;
}

/** One model as a statement of its module. */
export function pythonModel(model: SdkModel): string {
  if ('alias' in model) return `${model.name} = ${pythonType(model.alias, model.input)}\n`;
  return model.input ? inputText(model.name, model.fields) : answerText(model.name, model.fields);
}

/** Models so that each comes after those that it names: aliases are values. */
export function aliasesFirst(models: readonly SdkModel[]): SdkModel[] {
  return [...models].sort((a, b) => Number('alias' in b) - Number('alias' in a));
}
