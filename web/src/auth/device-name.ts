const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
] as const;

/** What people would call this device in the list of their sessions. */
export function deviceName({ userAgent }: Pick<Navigator, 'userAgent'> = navigator): string {
  const nameOf = (known: readonly (readonly [mark: string, name: string])[]) =>
    known.find(([mark]) => userAgent.includes(mark))?.[1];
  return [nameOf(BROWSERS) ?? 'Browser', nameOf(SYSTEMS)].filter(Boolean).join(', ');
}
