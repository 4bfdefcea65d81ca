declare module '../platform/jobs/job-kinds.js' {
  interface JobPayloads {
    /** Somebody asked for a reset link; whether the address belongs to anyone is found out by the job. */
    password_reset_requested: { tenantId: string; email: string };
    /** An account was closed; what is left is to leave its groups and to forget who it was. */
    account_erasure: { tenantId: string; userId: string };
  }
}

export {};
