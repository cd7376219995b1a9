import { createRequire } from 'node:module';
import { Font } from '@react-pdf/renderer';
import { breakable } from './format';

/** One family for both languages; its Latin letters and figures are Source Sans. Only the glyphs used are embedded. */
export const FAMILY = 'Noto Sans SC';

let registered = false;

/** Makes the shipped fonts known to the renderer, once per process; files are read when a document first needs them. */
export function registerFonts(): void {
  if (registered) return;
  const { resolve } = createRequire(import.meta.url);
  const file = (name: string) => resolve(`@expo-google-fonts/noto-sans-sc/${name}.ttf`);
  Font.register({
    family: FAMILY,
    fonts: [
      { src: file('400Regular/NotoSansSC_400Regular'), fontWeight: 400 },
      { src: file('500Medium/NotoSansSC_500Medium'), fontWeight: 500 },
    ],
  });
  Font.registerHyphenationCallback(breakable);
  registered = true;
}
