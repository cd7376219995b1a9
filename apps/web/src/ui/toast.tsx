'use client';
import { useEffect, useState } from 'react';
import { lazily } from '@/lib/lazily';

export interface Toast {
  id: number;
  text: string;
  tone: 'success' | 'danger';
}

const Toaster = lazily(() => import('./toaster'));
const EVENT = 'console:toast';
let nextId = 1;

/** Says something in passing, read out politely. Results only: questions and errors of forms belong in the page. */
export function notify(text: string, tone: Toast['tone'] = 'success'): void {
  window.dispatchEvent(new CustomEvent<Toast>(EVENT, { detail: { id: nextId++, text, tone } }));
}

/** Where notices appear. The library that shows them is fetched with the first one. */
export function ToastHost() {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  useEffect(() => {
    const add = (event: Event) => setToasts((before) => [...before, (event as CustomEvent<Toast>).detail]);
    window.addEventListener(EVENT, add);
    return () => window.removeEventListener(EVENT, add);
  }, []);
  return toasts.length > 0 ? <Toaster toasts={toasts} /> : null;
}
