import type { Topic } from './connection.js';

/** The Socket.IO rooms; no other file names one. */
const CONVERSATION = 'conversation:';
export const room = (conversationId: string): string => CONVERSATION + conversationId;
export const userRoom = (userId: string): string => `user:${userId}`;
export const watchRoom = (topic: Topic): string => `watch:${topic}`;

/** The conversations among a socket's rooms. */
export const conversationsIn = (rooms: Iterable<string>): string[] =>
  [...rooms].filter((name) => name.startsWith(CONVERSATION)).map((name) => name.slice(CONVERSATION.length));
