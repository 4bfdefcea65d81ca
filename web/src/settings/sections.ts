/** The pages of the settings. */
export const SECTIONS = ['profile', 'privacy', 'sessions', 'appearance', 'keyboard'] as const;
export type Section = (typeof SECTIONS)[number];

/** The page of this name, or the first where there is none of it. */
export const sectionOf = (name: string): Section => SECTIONS.find((section) => section === name) ?? 'profile';
