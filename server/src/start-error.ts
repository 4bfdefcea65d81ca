/** Why the server does not start, in words a person can act on; shown without a stack. */
export class StartError extends Error {}
