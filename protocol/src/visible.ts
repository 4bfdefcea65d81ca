/** Anything but spaces, control and format characters, and the letters and signs that leave their place blank. */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether anything of a text can be seen. Apart from the schemas, as a page that checks no input need not load them. */
export const isVisible = (value: string): boolean => VISIBLE.test(value);
