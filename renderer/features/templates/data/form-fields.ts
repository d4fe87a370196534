/** What a form asks for: read from a JSON schema, or guessed from the data where there is none. */

export type FieldKind =
  'text' | 'long' | 'number' | 'integer' | 'boolean' | 'choice' | 'date' | 'object' | 'list' | 'other';

export interface FormField {
  readonly kind: FieldKind;
  readonly label: string;
  readonly help: string | undefined;
  readonly isRequired: boolean;
  /** Of a choice. */
  readonly options: readonly unknown[];
  /** Of an object, in order. */
  readonly fields: readonly (readonly [key: string, field: FormField])[];
  /** Of a list. */
  readonly item: FormField | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 12;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const field = (kind: FieldKind, label: string, changes: Partial<FormField> = {}): FormField => ({
  kind,
  label,
  help: undefined,
  isRequired: false,
  options: [],
  fields: [],
  item: undefined,
  ...changes,
});

/** `unit_price` as people write it: `Unit price`. */
export function labelOf(key: string): string {
  const words = key
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`)
    .trim();
  return words === '' ? key : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Undefined when the schema says nothing that a form can be made of. */
export function fieldsOfSchema(schema: unknown, label = ''): FormField | undefined {
  return isRecord(schema) ? read(schema, schema, label, false, 0) : undefined;
}

function resolve(root: Schema, schema: Schema, depth: number): Schema {
  const { $ref } = schema;
  if (typeof $ref !== 'string' || !$ref.startsWith('#') || depth > MAX_DEPTH) return schema;
  let target: unknown = root;
  for (const part of $ref.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    target = isRecord(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return isRecord(target) ? { ...resolve(root, target, depth + 1), ...withoutRef(schema) } : schema;
}

const withoutRef = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$ref'));

/** Of `anyOf: [{…}, {"type": "null"}]` the one that is not null. */
function only(schema: Schema): Schema {
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(choices)) return schema;
  const real = choices.filter((choice): choice is Schema => isRecord(choice) && choice['type'] !== 'null');
  return real.length === 1 ? { ...schema, ...real[0] } : schema;
}

function read(root: Schema, given: Schema, key: string, isRequired: boolean, depth: number): FormField {
  const schema = resolve(root, only(resolve(root, given, 0)), 0);
  const { title, description, type, format } = schema;
  const label = typeof title === 'string' ? title : labelOf(key);
  const shared = { isRequired, help: typeof description === 'string' ? description : undefined };
  const allTypes: readonly unknown[] = Array.isArray(type) ? type : [type];
  const types = allTypes.filter((each) => each !== 'null');
  const options: unknown = schema['enum'];
  if (Array.isArray(options)) return field('choice', label, { ...shared, options });
  if (depth > MAX_DEPTH || types.length > 1) return field('other', label, shared);
  const { properties, items } = schema;
  switch (types[0]) {
    case 'string': {
      if (format === 'date') return field('date', label, shared);
      const isLong = format === 'textarea' || Number(schema['maxLength'] ?? 0) > 200;
      return field(isLong ? 'long' : 'text', label, shared);
    }
    case 'integer':
    case 'number':
    case 'boolean':
      return field(types[0], label, shared);
    case 'array': {
      const item = isRecord(items) ? read(root, items, 'item', false, depth + 1) : field('other', 'Item');
      return field('list', label, { ...shared, item });
    }
    default: {
      if (!isRecord(properties)) return field('other', label, shared);
      const required: unknown = schema['required'];
      const isNeeded = (name: string): boolean => Array.isArray(required) && required.includes(name);
      const fields = Object.entries(properties).map(
        ([name, inner]) =>
          [
            name,
            isRecord(inner)
              ? read(root, inner, name, isNeeded(name), depth + 1)
              : field('other', labelOf(name)),
          ] as const,
      );
      return field('object', label, { ...shared, fields });
    }
  }
}

/** What is known of a field from the values that it has. */
export function fieldsOfData(values: readonly unknown[], key = '', depth = 0): FormField {
  const label = labelOf(key);
  const known = values.filter((value) => value !== null && value !== undefined);
  const [first] = known;
  if (depth > MAX_DEPTH) return field('other', label);
  if (known.every((value) => typeof value === 'string') && known.length > 0) {
    const texts = known as readonly string[];
    if (texts.every((text) => DATE.test(text))) return field('date', label);
    return field(texts.some((text) => text.length > 80 || text.includes('\n')) ? 'long' : 'text', label);
  }
  if (typeof first === 'number' && known.every((value) => typeof value === 'number'))
    return field('number', label);
  if (typeof first === 'boolean' && known.every((value) => typeof value === 'boolean'))
    return field('boolean', label);
  if (known.length > 0 && known.every(Array.isArray)) {
    const items = (known as readonly unknown[][]).flatMap((list) => list.slice(0, 100));
    return field('list', label, { item: fieldsOfData(items, 'item', depth + 1) });
  }
  if (known.length > 0 && known.every(isRecord)) {
    const keys = new Set((known as readonly Schema[]).flatMap((value) => Object.keys(value)));
    const fields = [...keys].map((name) => {
      const inner = (known as readonly Schema[]).filter((value) => Object.hasOwn(value, name));
      return [
        name,
        fieldsOfData(
          inner.map((value) => value[name]),
          name,
          depth + 1,
        ),
      ] as const;
    });
    return field('object', label, { fields });
  }
  return field(known.length === 0 ? 'text' : 'other', label);
}

/** A new item of a list: everything that is asked for, empty. */
export function emptyValue({ kind, fields, options }: FormField): unknown {
  switch (kind) {
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    case 'list':
      return [];
    case 'object':
      return Object.fromEntries(fields.map(([key, inner]) => [key, emptyValue(inner)]));
    case 'choice':
      return options[0] ?? null;
    case 'other':
      return null;
    case 'text':
    case 'long':
    case 'date':
      return '';
  }
}
