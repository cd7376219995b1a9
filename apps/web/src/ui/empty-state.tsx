import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing is here: says why and names the next action. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center justify-center px-6 py-14 text-center">
      {icon && (
        <div className="mb-4 flex size-11 items-center justify-center rounded-xl border border-line bg-sunken text-muted [&>svg]:size-5">
          {icon}
        </div>
      )}
      {/* A page gives its heading as the title, which no paragraph may hold. */}
      <div className="font-semibold text-base">{title}</div>
      {children && <div className="mt-1 max-w-md text-balance text-muted text-sm">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
