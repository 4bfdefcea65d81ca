const DEADLOCK = '40P01';

/**
 * Does the work once more if PostgreSQL has chosen it as the victim of a deadlock: it was rolled back as a whole, and the
 * other side has gone on.
 */
export async function againAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === DEADLOCK)) throw error;
    return work();
  }
}
