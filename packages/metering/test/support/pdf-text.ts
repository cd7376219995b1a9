import { inflateSync } from 'node:zlib';

interface PdfObject {
  dictionary: string;
  stream: Buffer | null;
}

/** The indirect objects of a PDF whose objects stand in the open (no object streams), as our renderer writes it. */
function objectsOf(pdf: Uint8Array): Map<number, PdfObject> {
  const bytes = Buffer.from(pdf);
  const text = bytes.toString('latin1');
  const objects = new Map<number, PdfObject>();
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const from = match.index + match[0].length;
    const end = text.indexOf('\nendobj', from);
    const streamAt = text.indexOf('stream\n', from);
    const hasStream = streamAt >= 0 && streamAt < end;
    const dictionary = text.slice(from, hasStream ? streamAt : end);
    const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1] ?? 0);
    const raw = hasStream ? bytes.subarray(streamAt + 7, streamAt + 7 + length) : null;
    const stream = raw && dictionary.includes('/FlateDecode') ? inflateSync(raw) : raw;
    objects.set(Number(match[1]), { dictionary, stream });
  }
  return objects;
}

/** Character of each glyph code, from a font's ToUnicode map. */
function unicodeMap(cmap: string): Map<number, string> {
  const map = new Map<number, string>();
  const decode = (hex: string) => String.fromCharCode(...hex.match(/\w{4}/g)!.map((unit) => Number.parseInt(unit, 16)));
  for (const [, low, , list] of cmap.matchAll(/<(\w{4})> <(\w{4})> \[([^\]]*)\]/g)) {
    [...list!.matchAll(/<([\w ]+)>/g)].forEach(([, hex], index) => {
      map.set(Number.parseInt(low!, 16) + index, decode(hex!));
    });
  }
  return map;
}

/** The text of each page of a PDF, in drawing order, without layout: enough to ask whether something is printed. */
export function pdfPages(pdf: Uint8Array): string[] {
  const objects = objectsOf(pdf);
  const fontMaps = new Map<string, Map<number, string>>();
  const mapOf = (reference: string) => {
    const known = fontMaps.get(reference);
    if (known) return known;
    // A font without such a map is one of the standard ones, which nothing of ours is printed in.
    const unicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(Number(reference))!.dictionary)?.[1];
    const made = unicodeMap(unicode ? objects.get(Number(unicode))!.stream!.toString('latin1') : '');
    fontMaps.set(reference, made);
    return made;
  };
  const follow = (dictionary: string, name: string) =>
    objects.get(Number(new RegExp(`/${name} (\\d+) 0 R`).exec(dictionary)?.[1]))?.dictionary ?? dictionary;
  const pages = [...objects.values()].filter(({ dictionary }) => /\/Type \/Page\b/.test(dictionary));
  return pages.map(({ dictionary }) => {
    const resources = follow(dictionary, 'Resources');
    const fonts = new Map([...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, id]) => [name!, id!]));
    const contents = objects.get(Number(/\/Contents (\d+) 0 R/.exec(dictionary)![1]))!.stream!.toString('latin1');
    let font = new Map<number, string>();
    let text = '';
    for (const [token, name, hex] of contents.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9a-f]+)>|\bET\b/g)) {
      if (name) font = mapOf(fonts.get(name)!);
      else if (hex) for (const code of hex.match(/.{4}/g)!) text += font.get(Number.parseInt(code, 16)) ?? '\ufffd';
      else if (token === 'ET') text += '\n';
    }
    return text;
  });
}
