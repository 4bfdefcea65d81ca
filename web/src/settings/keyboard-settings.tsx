/** The shortcuts that there are. */
export function KeyboardSettings() {
  return null;
}
