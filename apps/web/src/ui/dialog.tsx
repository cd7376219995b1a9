'use client';
import { type ReactNode, useState } from 'react';
import { lazily } from '@/lib/lazily';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** `side` slides in from the right and keeps the page visible; `center` asks for attention. */
  placement?: 'center' | 'side';
  className?: string;
}

const DialogPopup = lazily(() => import('./dialog-popup'));

/** A modal dialog. Its machinery is fetched when one is first opened; see Menu. */
export function Dialog(props: DialogProps) {
  const [used, setUsed] = useState(props.open);
  if (props.open && !used) setUsed(true);
  return used ? <DialogPopup {...props} /> : null;
}

/** The row of buttons at the end of a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}
