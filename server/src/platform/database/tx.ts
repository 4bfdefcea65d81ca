import type { EntityManager } from 'typeorm';

/** Something to do once the outcome of the transaction is known. */
export type Aftermath = () => void | Promise<void>;

/**
 * A transaction, or a plain connection for reads. Only `Database` makes one, and every repository method asks for it,
 * so a query cannot slip out of its transaction unseen.
 */
export class Tx {
  readonly #afterCommit: Aftermath[] = [];
  readonly #afterRollback: Aftermath[] = [];

  constructor(readonly manager: EntityManager) {}

  /** Runs handwritten SQL and returns its rows, of writing statements too (what they RETURN). */
  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const result: unknown = await this.manager.query(sql, [...parameters]);
    // TypeORM answers UPDATE and DELETE with [rows, count], everything else with the rows.
    if (Array.isArray(result) && result.length === 2 && Array.isArray(result[0])) return result[0] as Row[];
    return result as Row[];
  }

  /** As `query`, for statements that yield at most one row. */
  async one<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row | null> {
    return (await this.query<Row>(sql, parameters))[0] ?? null;
  }

  /** Does something once the transaction is committed, and never if it was rolled back. */
  afterCommit(action: Aftermath): void {
    this.#afterCommit.push(action);
  }

  /** Takes back what was done outside the database when the transaction fails. */
  afterRollback(action: Aftermath): void {
    this.#afterRollback.push(action);
  }

  /** What is to be done now that the outcome is known; for `Database` alone. */
  aftermath(outcome: 'committed' | 'failed'): readonly Aftermath[] {
    return outcome === 'committed' ? this.#afterCommit : this.#afterRollback;
  }
}

/** Whether an error is the violation of the named unique constraint. */
export function violates(error: unknown, constraint: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === '23505' &&
    'constraint' in error &&
    error.constraint === constraint
  );
}
