import 'reflect-metadata';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config.js';
import { entities } from '../../entities.js';
import { cloneDatabase } from '../testing/test-database.js';
import { createDataSource } from './data-source.js';

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly is_nullable: string;
  readonly column_default: string | null;
  readonly is_identity: string;
}

let database: { url: string; drop: () => Promise<void> };
let dataSource: DataSource;
let columns: Column[];
let keys: { table_name: string; column_name: string }[];
beforeAll(async () => {
  database = await cloneDatabase();
  dataSource = await createDataSource(database.url, readConfig({ NODE_ENV: 'test' }), entities).initialize();
  columns = await dataSource.query(
    `SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
     FROM information_schema.columns WHERE table_schema = 'public'`,
  );
  keys = await dataSource.query(
    `SELECT k.table_name, k.column_name
     FROM information_schema.table_constraints c
     JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name, table_name)
     WHERE c.table_schema = 'public' AND c.constraint_type = 'PRIMARY KEY'`,
  );
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const TYPES: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };

describe.each(entities.map((entity) => [entity.name, entity] as const))('%s', (_, entity) => {
  const metadata = () => dataSource.getMetadata(entity);
  const found = () => columns.filter((column) => column.table_name === metadata().tableName);

  it('has the columns of its table, with their types and whether they may be null', () => {
    const stated = metadata().columns.map((column) => ({
      name: column.databaseName,
      type: TYPES[String(column.type)] ?? String(column.type),
      nullable: column.isNullable,
    }));
    const migrated = found().map((column) => ({
      name: column.column_name,
      type: column.data_type,
      nullable: column.is_nullable === 'YES',
    }));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(stated.toSorted(byName)).toEqual(migrated.toSorted(byName));
  });

  it('has the primary key of its table', () => {
    const stated = metadata().primaryColumns.map((column) => column.databaseName);
    const migrated = keys.filter((key) => key.table_name === metadata().tableName).map((key) => key.column_name);
    expect(stated.toSorted()).toEqual(migrated.toSorted());
  });

  it('belongs to a tenant', () => {
    expect(found().map((column) => column.column_name)).toContain('tenant_id');
  });
});
