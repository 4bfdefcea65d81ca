/** What most people pick most; for as long as it is not known what somebody picks themselves. */
export const POPULAR = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '🔥', '👏', '✅', '👀'] as const;
