/**
 * Whether a key belongs to an input method that is putting a word together. Safari says so no more when the Enter comes
 * that ends it, but for its code.
 */
export const isComposing = ({ isComposing: composes, keyCode }: KeyboardEvent): boolean => composes || keyCode === 229;
