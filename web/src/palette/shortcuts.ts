/** Every shortcut that there is: its keys, and where the words about it stand. The settings and the help show this. */
export const SHORTCUTS = [
  { keys: 'Ctrl + K', about: 'palette' },
  { keys: 'Alt + ↑ ↓', about: 'walk' },
  { keys: '?', about: 'help' },
  { keys: 'Enter', about: 'send' },
  { keys: 'Shift + Enter', about: 'newLine' },
  { keys: 'Esc', about: 'stop' },
  { keys: '@', about: 'mention' },
  { keys: '↑ ↓', about: 'choose' },
  { keys: '↑', about: 'editLast' },
  { keys: 'R', about: 'reply' },
  { keys: 'E', about: 'edit' },
  { keys: 'F', about: 'forward' },
  { keys: 'Del', about: 'delete' },
] as const;
