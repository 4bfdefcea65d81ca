import type { ConversationState } from '@parley/sdk';
import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { IconButton } from '../ui/button.js';
import { Menu } from '../ui/menu.js';
import { RowMenu } from './row-menu.js';

/** The button on a row of the list, and what it opens. */
export function RowActions({
  state,
  name,
  isOpen,
  onOpenChange,
  onLeave,
}: {
  readonly state: ConversationState;
  readonly name: string;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly onLeave: () => void;
}) {
  const t = useTranslations('conversations');
  return (
    <Menu
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      trigger={
        <IconButton label={t('actions', { name })} className="size-8!">
          <Ellipsis aria-hidden size={18} />
        </IconButton>
      }
    >
      <RowMenu state={state} onLeave={onLeave} />
    </Menu>
  );
}
