'use client';
import '@/styles/globals.css';
import { LogoMark } from '@/ui/logo';

/** When not even the frame could be rendered there is no language to choose from, so both are shown. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col items-center justify-center gap-4 bg-canvas p-6 text-center text-content">
        <LogoMark className="size-10" />
        <h1 className="font-semibold text-xl">The console cannot be shown right now</h1>
        <p className="max-w-md text-muted">
          It could not reach the service. Running instances are not affected.
          <br />
          <span lang="zh-CN">控制台暂时无法连接服务，运行中的实例不受影响。</span>
        </p>
        {error.digest && <code className="font-mono text-subtle text-xs">{error.digest}</code>}
        <button
          type="button"
          onClick={reset}
          className="inline-flex h-10 items-center rounded-md bg-primary px-4 font-medium text-inverse"
        >
          Try again · <span lang="zh-CN">重试</span>
        </button>
      </body>
    </html>
  );
}
