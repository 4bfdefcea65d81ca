import { createContext, useContext } from 'react';

/** The dialog that something is shown in, which is above everything else on the page; null outside of dialogs. */
export const TopLayer = createContext<HTMLElement | null>(null);

/** Where something has to be put that floats: inside of the dialog it belongs to, else it would lie below and be dead. */
export const useTopLayer = (): HTMLElement | null => useContext(TopLayer);
