/** Judges answers by the service's own OpenAPI document: status, media type and, for JSON, every member. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { OTHER_NAMES } from '../../src/api/addresses.js';

interface Answer {
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}
export interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly example?: string;
    readonly schema: { readonly enum?: readonly string[] };
  }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<
        string,
        { readonly schema: object; readonly examples?: Readonly<Record<string, { value: unknown }>> }
      >
    >;
  };
  readonly responses: Readonly<Record<string, Answer>>;
}
export interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Given {
  readonly method: string;
  /** Path, with or without a query. */
  readonly url: string;
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
}

/** Pages and files for browsers, which the document does not list. */
const PAGES = /^\/(|style\.css|watch\.(css|js)|jobs\/[^/]+\/watch|openapi\.json|docs(\/.*)?|login|logout)$/;

/** A judge of answers: a sentence for one that the document does not allow, else null. */
export function createJudge(document: Document): (given: Given) => string | null {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'openapi', components: closed(document.components) as object });
  const compiled = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    let validate = compiled.get(schema);
    if (!validate) {
      const text = JSON.stringify(closed(schema)).replaceAll('"#/', '"openapi#/');
      compiled.set(schema, (validate = ajv.compile(JSON.parse(text) as object)));
    }
    return validate;
  };
  const anyProblem: Answer = {
    content: { 'application/problem+json': { schema: document.components.schemas['Problem'] ?? {} } },
  };
  return ({ method, url, status, mediaType, body }) => {
    const path = url.split('?', 1)[0]!;
    const operation = operationOf(document, method, path);
    const said = `${method} ${path} answered ${status} ${mediaType}`;
    // Whoever asks for a page without a key gets the form to enter one, also where nothing is.
    if (!operation && status === 401 && mediaType === 'text/html') return null;
    if (!operation && status < 400) return PAGES.test(path) ? null : `${said}, which has no operation`;
    const { responses } = operation ?? { responses: {} as Operation['responses'] };
    const answer =
      responses[status] ?? responses[`${Math.floor(status / 100)}XX`] ?? (operation ? null : anyProblem);
    if (!answer) return `${said}: the document knows ${Object.keys(responses).join(', ')}`;
    if (method === 'HEAD' || status === 304 || status === 204)
      return body === '' ? null : `${said} with a body`;
    const content = answer.content?.[mediaType];
    if (!content) return `${said}: the document knows ${Object.keys(answer.content ?? {}).join(', ')}`;
    if (!/[/+]json$/.test(mediaType)) return null;
    const validate = validatorOf(content.schema ?? {});
    return validate(JSON.parse(body))
      ? null
      : `${said}: ${ajv.errorsText(validate.errors)} in ${body.slice(0, 500)}`;
  };
}

function operationOf(document: Document, method: string, path: string): Operation | null {
  const verb = method === 'HEAD' ? 'GET' : method;
  for (const [template, methods] of Object.entries(document.paths)) {
    const operation = methods[verb.toLowerCase()];
    if (!operation) continue;
    const others = OTHER_NAMES[`${verb} ${template.replace(/\{(\w+)\}/g, ':$1')}`] ?? [];
    if ([template, ...others].some((name) => patternOf(name).test(path))) return operation;
  }
  return null;
}

function patternOf(template: string): RegExp {
  const source = template.replace(/\./g, '\\.').replace(/\{\w+\}|:\w+/g, '[^/]+?');
  return new RegExp(`^${source}$`);
}

/** A copy in which an object has no members but those that its schema names, unless it says otherwise. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([name, child]) => [name, closed(child)]));
  const isOpen =
    'properties' in copy && typeof copy['properties'] === 'object' && !('additionalProperties' in copy);
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}
