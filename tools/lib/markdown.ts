/** Title of a generated page and where it comes from. */
export const header = (title: string, source: string): string =>
  `# ${title}\n\nGenerated from ${source} by \`npm run docs:generate\`.\n\n`;

/** A table of plain cells. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}
