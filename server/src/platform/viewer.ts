/** Who is asking: the first argument of every service method. */
export interface Viewer {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
}
