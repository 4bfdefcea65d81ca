/** Whether there is a mouse, and so most likely keys. Elsewhere a field that gets the focus unasked covers half the screen. */
export const hasFinePointer = (): boolean => matchMedia('(pointer: fine)').matches;
