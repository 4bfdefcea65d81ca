import type { PollMetadata, PollState } from '@parley/protocol';

/** What one option got: how many votes, and the first who gave one. */
export interface OptionVotes {
  readonly option: number;
  readonly count: number;
  readonly userIds: readonly string[];
}

/** How a poll stands after its votes have been counted; nobody is named in an anonymous one. */
export function tally(
  poll: Pick<PollMetadata, 'options' | 'anonymous'>,
  votes: { readonly byOption: readonly OptionVotes[]; readonly voters: number },
): Omit<PollState, 'closedAt'> {
  const byOption = new Map(votes.byOption.map((option) => [option.option, option]));
  return {
    counts: poll.options.map((_, option) => byOption.get(option)?.count ?? 0),
    userIds: poll.options.map((_, option) => (poll.anonymous ? [] : [...(byOption.get(option)?.userIds ?? [])])),
    voters: votes.voters,
  };
}

/** What is wrong with a vote in this poll, or null. */
export function faultOf(poll: Pick<PollMetadata, 'options' | 'multiple'>, vote: readonly number[]): string | null {
  if (vote.some((option) => option >= poll.options.length)) return 'must be numbers of options of this poll';
  if (new Set(vote).size < vote.length) return 'must differ from one another';
  if (!poll.multiple && vote.length > 1) return 'must be one at most';
  return null;
}
