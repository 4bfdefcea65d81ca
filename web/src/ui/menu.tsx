import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.js';
import { useTopLayer } from './top-layer.js';

/** A list of things to do that opens from a button. */
export function Menu({
  trigger,
  children,
  align = 'end',
  isOpen,
  onOpenChange,
}: {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
  /** Where something else than the button opens it too. */
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
}) {
  const container = useTopLayer();
  return (
    // A modal menu would lock the page by a style element, which the Content-Security-Policy forbids.
    <DropdownMenu.Root
      modal={false}
      {...(isOpen !== undefined && { open: isOpen })}
      {...(onOpenChange && { onOpenChange })}
    >
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          // Whatever was chosen may have moved the focus on, such as to where one writes.
          onCloseAutoFocus={(event) => {
            if (document.activeElement?.closest('textarea, dialog')) event.preventDefault();
          }}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-xl border border-line bg-raised p-1 text-ink shadow-lg"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** One thing to do. */
export function MenuItem({
  icon,
  children,
  onSelect,
  isDanger = false,
  disabled = false,
}: {
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly onSelect: () => void;
  readonly isDanger?: boolean;
  readonly disabled?: boolean;
}) {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      disabled={disabled}
      className={classNames(
        'flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none select-none data-disabled:cursor-default data-disabled:opacity-50 data-highlighted:bg-hover',
        isDanger && 'text-danger',
      )}
    >
      {icon}
      {children}
    </DropdownMenu.Item>
  );
}

/** A line between things of different kinds. */
export const MenuLine = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />;
