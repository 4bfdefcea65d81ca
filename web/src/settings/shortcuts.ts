/** Every shortcut that there is: its keys, and where the words about it stand. */
export const SHORTCUTS = [
  { keys: 'Enter', about: 'send' },
  { keys: 'Shift + Enter', about: 'newLine' },
  { keys: 'Esc', about: 'stop' },
  { keys: '@', about: 'mention' },
  { keys: '↑ ↓', about: 'choose' },
  { keys: 'Alt + ↑ ↓', about: 'walk' },
  { keys: 'Ctrl + K', about: 'search' },
] as const;
