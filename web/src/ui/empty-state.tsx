import type { ReactNode } from 'react';

/** What stands where there is nothing yet: what this place is for, and the first thing to do. */
export const EmptyState = ({
  icon,
  title,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
}) => (
  <div className="m-auto flex max-w-sm flex-col items-center gap-3 p-8 text-center">
    <div className="text-accent" aria-hidden>
      {icon}
    </div>
    <h2 className="text-lg font-semibold">{title}</h2>
    <div className="flex flex-col items-center gap-4 text-soft">{children}</div>
  </div>
);
