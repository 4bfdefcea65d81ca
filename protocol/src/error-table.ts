interface ErrorKind {
  /** HTTP status of the problem document. */
  readonly status: number;
  /** Whether the same request can succeed later without being changed. */
  readonly retryable: boolean;
  /** What a person who meets this error should know. */
  readonly title: string;
}

/** Every error the server can answer with. `code` is stable API; the title may be reworded. */
export const Errors = {
  validation_failed: { status: 400, retryable: false, title: 'The request is not valid' },
  malformed_body: { status: 400, retryable: false, title: 'The body could not be read' },
  invalid_reset_token: { status: 400, retryable: false, title: 'The reset link is not valid or has expired' },
  unauthenticated: { status: 401, retryable: false, title: 'A valid access token is required' },
  token_expired: { status: 401, retryable: false, title: 'The access token has expired' },
  session_ended: { status: 401, retryable: false, title: 'This session has ended' },
  invalid_credentials: { status: 401, retryable: false, title: 'The login or the password is wrong' },
  invalid_refresh_token: { status: 401, retryable: false, title: 'The refresh token is not valid' },
  edit_window_closed: { status: 403, retryable: false, title: 'It is too late to change this message' },
  silenced: { status: 403, retryable: false, title: 'You may not write here for now' },
  banned: { status: 403, retryable: false, title: 'You are banned from this conversation' },
  forbidden: { status: 403, retryable: false, title: 'Your role does not allow this' },
  not_found: { status: 404, retryable: false, title: 'There is nothing here' },
  unknown_event: { status: 404, retryable: false, title: 'There is no such event' },
  username_taken: { status: 409, retryable: false, title: 'This user name is taken' },
  email_taken: { status: 409, retryable: false, title: 'This e-mail address is in use' },
  conversation_full: { status: 409, retryable: false, title: 'The conversation has no room for more people' },
  resync_required: { status: 409, retryable: false, title: 'These cursors are not of this server: start afresh' },
  message_deleted: { status: 409, retryable: false, title: 'The message has been deleted' },
  not_editable: { status: 409, retryable: false, title: 'A message of this kind cannot be changed' },
  not_forwardable: { status: 409, retryable: false, title: 'A message of this kind cannot be passed on' },
  too_many_reactions: { status: 409, retryable: false, title: 'The message has no room for more reactions' },
  too_many_pins: { status: 409, retryable: false, title: 'The conversation has no room for more pinned messages' },
  poll_closed: { status: 409, retryable: false, title: 'The poll is closed' },
  direct_conversation: { status: 409, retryable: false, title: 'A direct conversation always has its two people' },
  payload_too_large: { status: 413, retryable: false, title: 'The body is too large' },
  unsupported_media_type: { status: 415, retryable: false, title: 'The body must be JSON' },
  slow_mode: { status: 429, retryable: true, title: 'This conversation is in slow mode' },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests' },
  internal: { status: 500, retryable: false, title: 'Something went wrong on our side' },
  overloaded: { status: 503, retryable: true, title: 'The server is busy' },
  unavailable: { status: 503, retryable: true, title: 'The server cannot do this right now' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof Errors;
