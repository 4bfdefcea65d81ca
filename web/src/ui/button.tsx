import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.js';
import { Spinner } from './spinner.js';

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border border-line bg-raised text-ink hover:bg-hover',
  quiet: 'text-accent hover:bg-hover',
  danger: 'bg-danger text-on-danger hover:opacity-90',
} as const;

/** A button with words on it. While `isBusy` it shows that something is under way and cannot be pressed again. */
export function Button({
  look = 'plain',
  isBusy = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ComponentProps<'button'> & { readonly look?: keyof typeof LOOKS; readonly isBusy?: boolean }) {
  return (
    <button
      type={type}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      className={classNames(
        'inline-flex min-h-10 items-center justify-center gap-2 rounded-lg px-4 font-medium transition-colors',
        'disabled:cursor-not-allowed disabled:opacity-60',
        LOOKS[look],
        className,
      )}
      {...rest}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  );
}

/** A button with a picture on it; `label` says what it does, to the eye as a tooltip and to screen readers. */
export function IconButton({
  label,
  className,
  children,
  type = 'button',
  ...rest
}: ComponentProps<'button'> & { readonly label: string; readonly children: ReactNode }) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classNames(
        'inline-flex size-10 shrink-0 items-center justify-center rounded-full text-soft transition-colors',
        'hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-40',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
