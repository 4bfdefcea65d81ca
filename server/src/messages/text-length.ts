import { invalid } from '../platform/app-error.js';

/** Refuses a text that is longer than this server allows. */
export function requireFitting(content: string | null, longest: number): void {
  if (content !== null && content.length > longest) throw invalid('content', `must be at most ${longest} characters`);
}
