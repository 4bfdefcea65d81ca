/**
 * What a client needs without any schema. These stand apart from the schemas so that a page that checks no input need not
 * load them.
 */

/** The Socket.IO namespace that all events happen in. */
export const NAMESPACE = '/messages';
/** How much of a quoted text a reply shows, in code points. */
export const QUOTE_LENGTH = 200;
/** No configuration can allow longer texts than this; the server's own limit (16,384 by default) lies below. */
export const TEXT_CEILING = 65_536;
/** A client's frame with more bytes than this is not read, and its connection is cut: a text in JSON, and the other fields. */
export const FRAME_CEILING = TEXT_CEILING * 6 + 65_536;
