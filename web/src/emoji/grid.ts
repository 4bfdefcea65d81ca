/** How many emojis stand in a row. */
export const COLUMNS = 8;

/** A place in the grid: which section, and which emoji of it. */
export interface Place {
  readonly section: number;
  readonly index: number;
}

/**
 * Where a key leads from a place, in sections of these sizes, none of them empty; undefined for keys that lead nowhere.
 * The edges hold: nothing wraps around.
 */
export function moved(sizes: readonly number[], { section, index }: Place, key: string): Place | undefined {
  const size = sizes[section] ?? 0;
  const column = index % COLUMNS;
  const [above, below] = [sizes[section - 1], sizes[section + 1]];
  const last = { section: sizes.length - 1, index: (sizes.at(-1) ?? 1) - 1 };
  switch (key) {
    case 'ArrowRight':
      if (index + 1 < size) return { section, index: index + 1 };
      return below === undefined ? { section, index } : { section: section + 1, index: 0 };
    case 'ArrowLeft':
      if (index > 0) return { section, index: index - 1 };
      return above === undefined ? { section, index } : { section: section - 1, index: above - 1 };
    case 'ArrowDown':
      if (index - column + COLUMNS < size) return { section, index: Math.min(index + COLUMNS, size - 1) };
      return below === undefined ? { section, index } : { section: section + 1, index: Math.min(column, below - 1) };
    case 'ArrowUp': {
      if (index >= COLUMNS) return { section, index: index - COLUMNS };
      if (above === undefined) return { section, index };
      const lastRow = above - 1 - ((above - 1) % COLUMNS);
      return { section: section - 1, index: Math.min(lastRow + column, above - 1) };
    }
    case 'Home':
      return { section: 0, index: 0 };
    case 'End':
      return last;
    default:
      return undefined;
  }
}
