import { CARDS, type FakeBooks, type Last4 } from './books';
import { type Form, textOf } from './form';

const page = (title: string, body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><main><h1>${title}</h1>${body}</main></html>`;

const button = (name: string, value: string, label: string) =>
  `<button name="${name}" value="${value}">${label}</button> `;

/** What a page of the provider answers: text, or the way back. */
export type PageAnswer = { html: string } | { location: string };

/** The pages that customers are sent to: authorising a payment, and saving a card. Null when there is no such page. */
export function pageOf(books: FakeBooks, method: string, path: string, form: Form): PageAnswer | null {
  const payment = /^\/authorize\/(pi_[0-9a-f]+)$/.exec(path)?.[1];
  const intent = payment ? books.intents.get(payment) : undefined;
  if (intent) {
    if (method === 'GET') {
      const buttons = button('choice', 'authorize', 'Authorize') + button('choice', 'refuse', 'Refuse');
      return { html: page('Test payment', `<form method="post">${buttons}</form>`) };
    }
    if (textOf(form, 'choice') === 'authorize') books.succeed(intent);
    else books.fail(intent, 'payment_intent_authentication_failure');
    return { location: intent.return_url ?? '/' };
  }
  const sessionId = /^\/checkout\/(cs_[0-9a-f]+)$/.exec(path)?.[1];
  const session = sessionId ? books.sessions.get(sessionId) : undefined;
  if (!session) return null;
  if (method === 'GET') {
    const cards = Object.entries(CARDS).map(([last4, what]) => button('card', last4, `Card ${last4} (${what})`));
    return { html: page('Save a test card', `<form method="post">${cards.join('')}</form>`) };
  }
  const saved = books.saveCard(session.customer, (textOf(form, 'card') ?? '4242') as Last4);
  session.setup_intent.status = 'succeeded';
  session.setup_intent.payment_method = saved;
  books.tell('setup_intent.succeeded', { ...session.setup_intent, payment_method: saved.id });
  return { location: session.success_url };
}
