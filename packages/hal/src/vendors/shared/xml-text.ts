/** An element of a document, its text without its children's. */
export interface XmlElement {
  name: string;
  attributes: Map<string, string>;
  text: string;
  children: XmlElement[];
  /** False when the document ends before the element does. */
  closed: boolean;
}

const MOST_DEPTH = 64;

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decode = (text: string) =>
  text.includes('&') ? text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!) : text;

function readTag(tag: string): { name: string; attributes: Map<string, string> } {
  const name = /^[^\s/>]+/.exec(tag)?.[0] ?? '';
  const attributes = new Map<string, string>();
  if (tag.length > name.length) {
    for (const [, key, value] of tag
      .slice(name.length, 2000)
      .matchAll(/([\w:.-]{1,64})\s{0,8}=\s{0,8}"([^"]{0,500})"/g)) {
      attributes.set(key!, decode(value!));
    }
  }
  return { name, attributes };
}

/**
 * Reads the plain XML that tools print: elements, attributes and text; no document types, entities of one's own or
 * namespaces. It never throws: unknown end tags are passed over, elements without an end are marked.
 */
export function readXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), text: '', children: [], closed: true };
  const open: XmlElement[] = [root];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('<', at);
    const top = open.at(-1)!;
    if (start > at || start < 0) top.text += decode(text.slice(at, start < 0 ? undefined : start)).trim();
    if (start < 0) break;
    const comment = text.startsWith('<!--', start);
    const end = text.indexOf(comment ? '-->' : '>', start);
    if (end < 0) break;
    at = end + (comment ? 3 : 1);
    if (comment || text[start + 1] === '?' || text[start + 1] === '!') continue;
    const tag = text.slice(start + 1, end);
    if (tag.startsWith('/')) closeElement(open, tag.slice(1).trim());
    else openElement(open, tag);
  }
  return root;
}

function openElement(open: XmlElement[], tag: string): void {
  const single = tag.endsWith('/');
  const { name, attributes } = readTag(single ? tag.slice(0, -1) : tag);
  if (name === '') return;
  const element: XmlElement = { name, attributes, text: '', children: [], closed: single };
  open.at(-1)!.children.push(element);
  if (!single && open.length < MOST_DEPTH) open.push(element);
}

function closeElement(open: XmlElement[], name: string): void {
  const depth = open.findLastIndex((element) => element.name === name);
  if (depth < 1) return;
  open[depth]!.closed = true;
  open.length = depth;
}

/** Every element of the name, at any depth, in document order. */
export function findElements(root: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  const waiting = [root];
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    if (element.name === name) found.push(element);
    else for (let child = element.children.length - 1; child >= 0; child -= 1) waiting.push(element.children[child]!);
  }
  return found;
}

/** Texts of an element by the path below it, lower case; of equal paths the first counts. */
export function xmlFacts(element: XmlElement, leaveOut: ReadonlySet<string>): Map<string, string> {
  const facts = new Map<string, string>();
  const walk = (item: XmlElement, path: string): void => {
    for (const child of item.children) {
      if (leaveOut.has(child.name)) continue;
      const name = path ? `${path}/${child.name.toLowerCase()}` : child.name.toLowerCase();
      if (child.text !== '' && !facts.has(name)) facts.set(name, child.text);
      walk(child, name);
    }
  };
  walk(element, '');
  return facts;
}
