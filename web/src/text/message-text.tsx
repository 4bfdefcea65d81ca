import type { Mention } from '@parley/protocol';
import { memo, useMemo } from 'react';
import { classNames } from '../ui/class-names.js';
import { displayed, isJumbo } from './display.js';
import { type Block, type Inline, parse } from './parse.js';

/** A message's text. It is text all the way: nothing in it becomes markup but what is built here. */
export const MessageText = memo(function MessageText({
  text,
  mentions = [],
  userId,
}: {
  readonly text: string;
  readonly mentions?: readonly Mention[];
  /** Who reads it: a mention of them stands out. */
  readonly userId: string;
}) {
  const blocks = useMemo(() => parse(text, mentions), [text, mentions]);
  if (isJumbo(text)) return <p className="text-4xl leading-tight">{text}</p>;
  return (
    <div className="flex flex-col gap-1 wrap-anywhere whitespace-pre-wrap">
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} userId={userId} />
      ))}
    </div>
  );
});

function BlockView({ block, userId }: { readonly block: Block; readonly userId: string }) {
  if (block.kind === 'code') {
    return (
      <pre dir="ltr" className="max-w-full overflow-x-auto rounded-lg bg-sunken p-2 font-mono text-sm">
        <code>{displayed(block.text)}</code>
      </pre>
    );
  }
  const children = <Inlines inlines={block.children} userId={userId} />;
  return block.kind === 'quote' ? (
    <blockquote dir="auto" className="border-l-4 border-accent pl-2 text-soft">
      {children}
    </blockquote>
  ) : (
    <p dir="auto">{children}</p>
  );
}

const Inlines = ({ inlines, userId }: { readonly inlines: readonly Inline[]; readonly userId: string }) =>
  inlines.map((inline, index) => <InlineView key={index} inline={inline} userId={userId} />);

function InlineView({ inline, userId }: { readonly inline: Inline; readonly userId: string }) {
  switch (inline.kind) {
    case 'text':
      return displayed(inline.text);
    case 'code':
      return <code className="rounded bg-sunken px-1 font-mono text-[0.9em]">{displayed(inline.text)}</code>;
    case 'link':
      return <Link text={displayed(inline.text)} {...inline.target} />;
    case 'mention': {
      const isMeant = inline.userId === null || inline.userId === userId;
      return (
        <bdi className={classNames('font-medium text-accent-strong', isMeant && 'rounded bg-mark px-0.5')}>
          {displayed(inline.text)}
        </bdi>
      );
    }
    case 'bold':
      return (
        <strong>
          <Inlines inlines={inline.children} userId={userId} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Inlines inlines={inline.children} userId={userId} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines inlines={inline.children} userId={userId} />
        </s>
      );
  }
}

/** A host that could pass for another one is spelled out beside what is written. */
const Link = ({ text, href, host }: { readonly text: string; readonly href: string; readonly host?: string }) => (
  <>
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="text-accent-strong underline">
      <bdi>{text}</bdi>
    </a>
    {host && <span className="text-sm text-warn"> ({host})</span>}
  </>
);
