import { type ComponentType, type JSX, lazy, type ReactNode, Suspense } from 'react';

/** A component whose code is fetched when it is first shown; until then `fallback` stands in its place. */
export function lazily<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  fallback: ReactNode = null,
): ComponentType<Props> {
  const Inner = lazy(load);
  return (props) => (
    <Suspense fallback={fallback}>
      <Inner {...(props as Props & JSX.IntrinsicAttributes)} />
    </Suspense>
  );
}
