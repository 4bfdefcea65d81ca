import { type ComponentProps, useId } from 'react';
import { classNames } from './class-names.js';

/** A line to type in, with its name above it and what is wrong, or good to know, below. */
export function TextField({
  label,
  error,
  hint,
  className,
  ...rest
}: ComponentProps<'input'> & {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
}) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={classNames('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        className={classNames(
          'min-h-10 w-full rounded-lg border bg-ground px-3 text-ink placeholder:text-soft',
          error === undefined ? 'border-line' : 'border-danger',
        )}
        {...rest}
      />
      {note !== undefined && (
        <p
          id={`${id}-note`}
          role={error === undefined ? undefined : 'alert'}
          className={classNames('text-sm', error === undefined ? 'text-soft' : 'text-danger')}
        >
          {note}
        </p>
      )}
    </div>
  );
}
