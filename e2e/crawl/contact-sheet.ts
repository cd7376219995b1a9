import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';

interface SheetShape {
  /** Pictures beside each other, and rows of them on one sheet. */
  columns: number;
  rows: number;
  /** Size of a picture on the sheet in CSS pixels; what is longer is cut off below. */
  tile: { width: number; height: number };
}

const DESK: SheetShape = { columns: 4, rows: 3, tile: { width: 480, height: 400 } };
const PHONE: SheetShape = { columns: 9, rows: 2, tile: { width: 210, height: 455 } };

const escaped = (text: string) => text.replace(/[&<"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function html(folder: string, files: readonly string[], shape: SheetShape): string {
  const { columns, tile } = shape;
  const figures = files.map(
    (file) =>
      `<figure><div><img src="${pathToFileURL(path.join(folder, file)).href}"></div><figcaption>${escaped(path.parse(file).name)}</figcaption></figure>`,
  );
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 12px; background: #888; display: grid; gap: 12px; grid-template-columns: repeat(${columns}, ${tile.width}px); width: max-content }
    figure { margin: 0 } div { height: ${tile.height}px; overflow: hidden } img { display: block; width: 100% }
    figcaption { font: 13px/18px sans-serif; color: #fff }
  </style>${figures.join('')}`;
}

/**
 * Lays the pictures of a folder out on sheets, by name, and writes `<target>-1.png`, `-2.png` and so on. The page must stand
 * at a file address, or the browser will not read files for it. Answers the sheets' addresses.
 */
export async function contactSheets(page: Page, folder: string, target: string, phone: boolean): Promise<string[]> {
  const shape = phone ? PHONE : DESK;
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.png'))
    .sort();
  const perSheet = shape.columns * shape.rows;
  const sheets: string[] = [];
  for (let first = 0; first < files.length; first += perSheet) {
    const sheet = `${target}-${sheets.length + 1}.png`;
    await page.setContent(html(path.resolve(folder), files.slice(first, first + perSheet), shape), {
      waitUntil: 'load',
    });
    await page.screenshot({ path: sheet, fullPage: true });
    sheets.push(sheet);
  }
  return sheets;
}
