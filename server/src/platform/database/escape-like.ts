/** A text as part of a `LIKE` pattern that stands for nothing but itself. */
export const escapeLike = (value: string): string => value.replace(/[\\%_]/g, '\\$&');
