import { inLocale, type Locale } from './locale';
import { MAIL_TEMPLATES, type MailData, type MailTemplate, type MailWords } from './mail-templates';

/** A mail as its receiver sees it. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

const BRAND = { en: 'Suanxiang Cloud', zh: '算想云' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** One line, without control characters: what people chose as a name must not become a header of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function isWebLink(link: string): boolean {
  return /^https?:\/\//.test(link);
}

/** Writes a mail in the receiver's language, as plain text and as HTML without images, scripts or remote content. */
export function renderMail<T extends MailTemplate>(template: T, data: MailData[T], locale: Locale): RenderedMail {
  const words: MailWords = MAIL_TEMPLATES[template](data);
  const brand = inLocale(BRAND, locale);
  const body = words.body.map((paragraph) => oneLine(inLocale(paragraph, locale)));
  const subject = oneLine(`${brand}: ${inLocale(words.subject, locale)}`);
  const action = words.action && isWebLink(words.action.link) ? words.action : null;
  const text = [...body, ...(action ? [`${inLocale(action.label, locale)}:\n${action.link}`] : []), `-- \n${brand}`];
  const paragraphs = body.map((paragraph) => `<p style="margin:0 0 16px">${escapeHtml(paragraph)}</p>`);
  const button = action
    ? `<p style="margin:24px 0"><a href="${escapeHtml(action.link)}" style="background:#1d4ed8;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none">${escapeHtml(inLocale(action.label, locale))}</a></p><p style="font-size:12px;color:#555;word-break:break-all">${escapeHtml(action.link)}</p>`
    : '';
  const html = `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body style="font:15px/1.6 system-ui,sans-serif;color:#111;max-width:560px;margin:32px auto;padding:0 16px">${paragraphs.join('')}${button}<hr style="border:0;border-top:1px solid #ddd"><p style="font-size:12px;color:#555">${escapeHtml(brand)}</p></body></html>`;
  return { subject, text: `${text.join('\n\n')}\n`, html };
}
