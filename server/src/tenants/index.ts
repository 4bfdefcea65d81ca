/** The tenant of the first migration; every account belongs to it until tenants can be created. */
export const DEFAULT_TENANT = '00000000-0000-7000-8000-000000000001';
